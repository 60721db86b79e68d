#include "expression/value.hpp"

#include <algorithm>

namespace millrace {

Value own(Column column, bool constant) {
  return {std::make_shared<const Column>(std::move(column)), constant};
}

Value constant_integer(ColumnType type, std::int64_t value) {
  Column column(type);
  column.append_integer(value);
  return own(std::move(column), true);
}

Value constant_real(double value) {
  Column column(ColumnType::kReal);
  column.append_real(value);
  return own(std::move(column), true);
}

Value constant_text(const std::string& text) {
  Column column(ColumnType::kText);
  TextAppender(column).append(text);
  return own(std::move(column), true);
}

bool all_constant(Operands operands) {
  return std::all_of(operands.begin(), operands.end(), [](const Value& value) { return value.constant; });
}

std::size_t row_count(Operands operands) {
  const auto varying =
      std::find_if(operands.begin(), operands.end(), [](const Value& value) { return !value.constant; });
  return varying == operands.end() ? 1 : (*varying)->size();
}

}  // namespace millrace
