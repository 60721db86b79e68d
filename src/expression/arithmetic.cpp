#include <algorithm>
#include <limits>

#include "expression/kernels.hpp"

namespace millrace {

namespace {

using Integer = std::optional<std::int64_t>;
using Real = std::optional<double>;

// In [0, |by|). |by| itself may be out of range.
Integer modulo(std::int64_t value, std::int64_t by) {
  if (by == 0) return std::nullopt;
  if (by == -1) return 0;  // the processor traps on the smallest integer
  const std::int64_t rest = value % by;
  if (rest >= 0) return rest;
  return by > 0 ? rest + by : rest - by;
}

Integer compute(char symbol, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  bool overflow = false;
  switch (symbol) {
    case '+':
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case '-':
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case '*':
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      return modulo(a, b);
  }
  return overflow ? Integer() : result;
}

Real compute(char symbol, double a, double b) {
  switch (symbol) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return b == 0 ? Real() : a / b;
  }
}

bool is_integer(const Value& value) {
  return value->type == ColumnType::kInteger;
}

template <class Function>
Value map_reals(Operands operands, const Function& f) {
  return map_rows(ColumnType::kReal, operands,
                  [&](std::size_t row) { return Real(f(operands[0].number(row))); });
}

template <class Choose>
Value choose(Operands operands, const Choose& choose_one) {
  const Value& a = operands[0];
  const Value& b = operands[1];
  if (is_integer(a) && is_integer(b)) {
    return map_rows(ColumnType::kInteger, operands,
                    [&](std::size_t row) { return Integer(choose_one(a.integer(row), b.integer(row))); });
  }
  return map_rows(ColumnType::kReal, operands,
                  [&](std::size_t row) { return Real(choose_one(a.number(row), b.number(row))); });
}

}  // namespace

Kernel arithmetic(const std::string& symbol) {
  return [op = symbol[0]](Operands operands) {
    const Value& a = operands[0];
    const Value& b = operands[1];
    if (op != '/' && is_integer(a) && is_integer(b)) {
      return map_rows(ColumnType::kInteger, operands,
                      [&](std::size_t row) { return compute(op, a.integer(row), b.integer(row)); });
    }
    return map_rows(ColumnType::kReal, operands,
                    [&](std::size_t row) { return compute(op, a.number(row), b.number(row)); });
  };
}

Value negate(Operands operands) {
  const Value& a = operands[0];
  if (!is_integer(a)) return map_reals(operands, [](double value) { return -value; });
  return map_rows(ColumnType::kInteger, operands,
                  [&](std::size_t row) { return compute('-', std::int64_t{0}, a.integer(row)); });
}

Value abs_of(Operands operands) {
  const Value& a = operands[0];
  if (!is_integer(a)) return map_reals(operands, [](double value) { return std::abs(value); });
  return map_rows(ColumnType::kInteger, operands, [&](std::size_t row) {
    const std::int64_t value = a.integer(row);
    return value < 0 ? compute('-', std::int64_t{0}, value) : Integer(value);
  });
}

Value log_of(Operands operands) {
  return map_reals(operands, [](double value) { return std::log(value); });
}

Value exp_of(Operands operands) {
  return map_reals(operands, [](double value) { return std::exp(value); });
}

Value sqrt_of(Operands operands) {
  return map_reals(operands, [](double value) { return std::sqrt(value); });
}

Value min_of(Operands operands) {
  return choose(operands, [](auto a, auto b) { return std::min(a, b); });
}

Value max_of(Operands operands) {
  return choose(operands, [](auto a, auto b) { return std::max(a, b); });
}

}  // namespace millrace
