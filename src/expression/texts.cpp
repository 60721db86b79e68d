#include <algorithm>

#include "base/digest.hpp"
#include "expression/expression.hpp"
#include "expression/kernels.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

using Integer = std::optional<std::int64_t>;

// f on each entry of the dictionary (or on each row, where there are fewer). Entries that become equal become
// one.
template <class Function>
Value transform_texts(const Value& text, const Function& f) {
  Column result(ColumnType::kText);
  TextAppender appender(result);
  if (text->dictionary.size() > text->size()) {
    for (std::size_t row = 0; row < text->size(); ++row) {
      text.is_valid(row) ? appender.append(f(text.text(row))) : result.append_missing();
    }
    return own(std::move(result), text.constant);
  }
  for (const std::string_view entry : text->dictionary) appender.append(f(entry));
  std::vector<std::int32_t> codes(text->size());
  for (std::size_t row = 0; row < codes.size(); ++row) {
    codes[row] = text.is_valid(row) ? result.codes[static_cast<std::size_t>(text->codes[row])] : 0;
  }
  result.codes = std::move(codes);
  result.valid = text->valid;
  return own(std::move(result), text.constant);
}

// ASCII letters only, so that the result does not depend on a locale.
template <class Change>
Value change_letters(const Value& text, const Change& change) {
  return transform_texts(text, [&](std::string_view before) {
    std::string after(before);
    std::transform(after.begin(), after.end(), after.begin(), change);
    return after;
  });
}

// test(text, part) → bool
template <class Test>
Value look_into(Operands operands, const Test& test) {
  const Value& text = operands[0];
  const Value& part = operands[1];
  const auto truth = [&](std::string_view a, std::string_view b) { return Integer(test(a, b) ? 1 : 0); };
  if (part.constant) {
    return map_texts(ColumnType::kBoolean, text,
                     [&](std::string_view each) { return truth(each, part.text(0)); });
  }
  return map_rows(ColumnType::kBoolean, operands,
                  [&](std::size_t row) { return truth(text.text(row), part.text(row)); });
}

}  // namespace

std::int64_t expression_hash(std::string_view text) {
  return static_cast<std::int64_t>(xxh3(text) >> 1U);
}

std::int64_t expression_hash(std::int64_t value) {
  return expression_hash(std::string_view(std::to_string(value)));
}

Value hash_of(Operands operands) {
  const Value& value = operands[0];
  if (value->type == ColumnType::kText) {
    return map_texts(ColumnType::kInteger, value,
                     [](std::string_view text) { return Integer(expression_hash(text)); });
  }
  return map_rows(ColumnType::kInteger, operands, [&](std::size_t row) {
    const bool is_zero = value.number(row) == 0 && value->type == ColumnType::kReal;  // -0 is 0
    return Integer(expression_hash(is_zero ? "0" : std::string_view(format_value(*value, value.at(row)))));
  });
}

Value lower_of(Operands operands) {
  return change_letters(operands[0],
                        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

Value upper_of(Operands operands) {
  return change_letters(operands[0],
                        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
}

Value length_of(Operands operands) {
  return map_texts(ColumnType::kInteger, operands[0],
                   [](std::string_view text) { return Integer(count_characters(text)); });
}

Value contains(Operands operands) {
  return look_into(operands, [](std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

Value starts_with(Operands operands) {
  return look_into(operands,
                   [](std::string_view text, std::string_view part) { return text.starts_with(part); });
}

Value ends_with(Operands operands) {
  return look_into(operands,
                   [](std::string_view text, std::string_view part) { return text.ends_with(part); });
}

}  // namespace millrace
