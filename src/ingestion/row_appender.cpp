#include "ingestion/row_appender.hpp"

#include "table/parse.hpp"

namespace millrace {

RowAppender::RowAppender(Table& table, std::vector<std::size_t> positions, const CsvDialect& dialect)
    : table_(&table),
      positions_(std::move(positions)),
      dialect_(&dialect),
      values_(positions_.size()),
      present_(positions_.size()) {
  for (Column& column : table.columns) {
    if (column.type == ColumnType::kText) texts_.emplace_back(column);
  }
}

// Texts come last: what entered a dictionary could not be taken back.
std::optional<Problem> RowAppender::append(const std::vector<std::string_view>& fields) {
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    values_[i] = fields[positions_[i]];
    present_[i] = is_present(*dialect_, values_[i]);
    if (auto problem = append_value(i)) {
      take_back(i);
      return problem;
    }
  }
  auto text = texts_.begin();
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    Column& column = table_->columns[i];
    if (column.type != ColumnType::kText) continue;
    present_[i] ? text->append(values_[i]) : column.append_missing();
    ++text;
  }
  return std::nullopt;
}

std::optional<Problem> RowAppender::append_value(std::size_t i) {
  Column& column = table_->columns[i];
  if (column.type == ColumnType::kText) {
    if (!present_[i] || is_utf8(values_[i])) return std::nullopt;
    return Problem{RejectKind::kEncoding, i, fmt::format("'{}' is no UTF-8", printable(values_[i], 60))};
  }
  if (!present_[i]) {
    column.append_missing();
    return std::nullopt;
  }
  if (parse_append(values_[i], column)) return std::nullopt;
  return Problem{RejectKind::kType, i, parse_failure(printable(values_[i], 60), column.type)};
}

void RowAppender::take_back(std::size_t columns) {
  for (std::size_t i = 0; i < columns; ++i) {
    Column& column = table_->columns[i];
    if (column.type == ColumnType::kText) continue;
    column.valid.pop_back();
    column.type == ColumnType::kReal ? column.reals.pop_back() : column.integers.pop_back();
  }
}

}  // namespace millrace
