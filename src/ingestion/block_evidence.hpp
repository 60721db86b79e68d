// What the rows of a block say about the types of the columns that are not declared.
#pragma once

#include <vector>

#include "ingestion/batch_parser.hpp"
#include "ingestion/csv_batch.hpp"
#include "ingestion/evidence.hpp"
#include "ingestion/field_reader.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/rejects.hpp"
#include "table/column.hpp"

namespace millrace {

class BlockEvidence {
 public:
  // Of a block of the file of this number. Layout and dialect must outlive it.
  BlockEvidence(const Layout& layout, const CsvDialect& dialect, std::uint64_t longest_record,
                std::size_t source);

  void observe(const CsvBatch& batch);
  // The same for a batch whose sound records were all parsed as guessed, into the last rows of `table`: where
  // values are plain they say nothing new, and are not looked at again.
  void observe_parsed(const CsvBatch& batch, const BatchParser& parser, const Table& table);
  // One a column; none where all types are declared.
  [[nodiscard]] std::vector<Evidence> take() { return std::move(evidence_); }

 private:
  const Layout* layout_;
  std::uint64_t longest_record_;
  std::size_t source_;
  FieldReader reader_;
  std::vector<Evidence> evidence_;
  std::vector<std::uint32_t> sound_;
  std::vector<RecordProblem> problems_;
};

}  // namespace millrace
