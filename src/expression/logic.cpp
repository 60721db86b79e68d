#include "expression/kernels.hpp"

namespace millrace {

namespace {

// Kleene's three-valued logic: `decisive` in one operand decides, whatever the other is.
Value decide(Operands operands, bool decisive) {
  const Value& a = operands[0];
  const Value& b = operands[1];
  const auto is_decisive = [&](const Value& value, std::size_t row) {
    return value.is_valid(row) && (value.integer(row) != 0) == decisive;
  };
  Column result(ColumnType::kBoolean);
  const std::size_t rows = row_count(operands);
  result.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    if (is_decisive(a, row) || is_decisive(b, row)) {
      result.append_integer(decisive ? 1 : 0);
    } else if (a.is_valid(row) && b.is_valid(row)) {
      result.append_integer(decisive ? 0 : 1);
    } else {
      result.append_missing();
    }
  }
  return own(std::move(result), all_constant(operands));
}

}  // namespace

Value logical_and(Operands operands) {
  return decide(operands, false);
}

Value logical_or(Operands operands) {
  return decide(operands, true);
}

Value logical_not(Operands operands) {
  return map_rows(ColumnType::kBoolean, operands, [&](std::size_t row) {
    return std::optional<std::int64_t>(operands[0].integer(row) == 0 ? 1 : 0);
  });
}

Value is_missing(Operands operands) {
  Column result(ColumnType::kBoolean);
  const std::size_t rows = row_count(operands);
  result.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) result.append_integer(operands[0].is_valid(row) ? 0 : 1);
  return own(std::move(result), operands[0].constant);
}

}  // namespace millrace
