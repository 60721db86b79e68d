// One CSV record → one row of a typed table, whole or not at all.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/rejects.hpp"
#include "table/column.hpp"

namespace millrace {

// Trims `value` where the dialect says so; false where what is left is a missing token.
inline bool is_present(const CsvDialect& dialect, std::string_view& value) {
  if (dialect.trim) value = trim(value);
  return std::none_of(dialect.missing.begin(), dialect.missing.end(),
                      [&](const std::string& token) { return token == value; });
}

class RowAppender {
 public:
  // Column i of the table comes from field `positions[i]`. Table and dialect must outlive the appender.
  RowAppender(Table& table, std::vector<std::size_t> positions, const CsvDialect& dialect);

  // Appends the fields of a record that check_record() found sound. What is wrong with it otherwise: then the
  // table is as it was.
  std::optional<Problem> append(const std::vector<std::string_view>& fields);

 private:
  [[nodiscard]] std::optional<Problem> append_value(std::size_t column);
  void take_back(std::size_t columns);

  Table* table_;
  std::vector<std::size_t> positions_;
  const CsvDialect* dialect_;
  std::vector<TextAppender> texts_;       // one a text column, in their order
  std::vector<std::string_view> values_;  // of the row at hand
  std::vector<std::uint8_t> present_;
};

}  // namespace millrace
