// What evaluation works on: columns, borrowed from the table or made on the way, and constants.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "table/column.hpp"

namespace millrace {

// One value a row, or (constant) one value for all rows.
struct Value {
  std::shared_ptr<const Column> column;
  bool constant = false;

  [[nodiscard]] const Column& operator*() const { return *column; }
  [[nodiscard]] const Column* operator->() const { return column.get(); }
  [[nodiscard]] std::size_t at(std::size_t row) const { return constant ? 0 : row; }
  [[nodiscard]] bool is_valid(std::size_t row) const { return column->is_valid(at(row)); }
  [[nodiscard]] double number(std::size_t row) const { return column->number(at(row)); }
  [[nodiscard]] std::int64_t integer(std::size_t row) const { return column->integers[at(row)]; }
  [[nodiscard]] std::string_view text(std::size_t row) const { return column->text(at(row)); }
};

using Operands = std::span<const Value>;
// Computes a value from the values of its operands.
using Kernel = std::function<Value(Operands)>;

Value own(Column column, bool constant = false);
Value constant_integer(ColumnType type, std::int64_t value);  // any type stored as integers
Value constant_real(double value);
Value constant_text(const std::string& text);

bool all_constant(Operands operands);
// Rows to compute: 1 where all operands are constant.
std::size_t row_count(Operands operands);

// Integer and real results beyond their range are missing.
inline void append(Column& column, std::optional<std::int64_t> value) {
  value ? column.append_integer(*value) : column.append_missing();
}
inline void append(Column& column, std::optional<double> value) {
  value&& std::isfinite(*value) ? column.append_real(*value) : column.append_missing();
}

// f(row) for each row in which all operands are present: an optional integer or real.
template <class Function>
Value map_rows(ColumnType type, Operands operands, const Function& f) {
  Column result(type);
  const std::size_t rows = row_count(operands);
  result.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    bool present = true;
    for (const Value& operand : operands) present = present && operand.is_valid(row);
    present ? append(result, f(row)) : result.append_missing();
  }
  return own(std::move(result), all_constant(operands));
}

// f(text) for each row of a text: once for each entry of its dictionary, unless there are fewer rows.
template <class Function>
Value map_texts(ColumnType type, const Value& text, const Function& f) {
  const TextList& dictionary = text->dictionary;
  if (dictionary.size() > text->size()) {
    return map_rows(type, {&text, 1}, [&](std::size_t row) { return f(text.text(row)); });
  }
  std::vector<decltype(f(std::string_view()))> results;
  results.reserve(dictionary.size());
  for (const std::string_view entry : dictionary) results.push_back(f(entry));
  return map_rows(type, {&text, 1}, [&](std::size_t row) {
    return results[static_cast<std::size_t>(text->codes[text.at(row)])];
  });
}

}  // namespace millrace
