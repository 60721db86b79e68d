// Batches of CSV records → rows of a typed table, one column at a time, each by a parser chosen once.
#pragma once

#include <cstdint>
#include <vector>

#include "ingestion/csv_batch.hpp"
#include "ingestion/field_reader.hpp"
#include "ingestion/raw_texts.hpp"
#include "ingestion/rejects.hpp"
#include "table/column.hpp"

namespace millrace {

class BatchParser {
 public:
  // Column i of the table comes from field `positions[i]`; each record must have `fields` of them. Table and
  // dialect must outlive the parser.
  BatchParser(Table& table, std::vector<std::size_t> positions, std::size_t fields,
              std::uint64_t longest_record, const CsvDialect& dialect);

  // Appends a row for each record that is sound and whose values all parse. The others are in problems(), in
  // order; the table holds nothing of them.
  void append(const CsvBatch& batch);
  [[nodiscard]] const std::vector<RecordProblem>& problems() const { return problems_; }
  // Whether all sound records of the batch became rows.
  [[nodiscard]] bool all_parsed() const { return failed_.empty(); }
  // Whether all values of column i were plainly of its type (plain_values.hpp).
  [[nodiscard]] bool is_plain(std::size_t i) const { return is_plain_[i] != 0; }
  // Numbers of the records, in the batch, that became rows.
  [[nodiscard]] const std::vector<std::uint32_t>& rows() const { return rows_; }

 private:
  void find_other_encodings(const CsvBatch& batch);
  void parse_numbers(const CsvBatch& batch);
  void drop_failed();
  void parse_texts(const CsvBatch& batch);

  Table* table_;
  std::vector<std::size_t> positions_;
  std::size_t fields_;
  std::uint64_t longest_record_;
  FieldReader reader_;
  std::vector<TextAppender> texts_;         // one a text column, in their order
  std::vector<RawTexts> raw_texts_;         // the same
  std::vector<const TimeFormat*> formats_;  // one a column; mostly none
  std::vector<std::uint8_t> is_plain_;      // one a column

  std::vector<std::uint32_t> rows_;
  std::vector<RecordProblem> problems_;
  std::vector<RecordProblem> failed_;       // values that do not parse, column by column
  std::vector<std::uint32_t> failed_rows_;  // of one column
};

}  // namespace millrace
