#include "serving/input_column.hpp"

#include <cmath>

#include "base/text.hpp"
#include "packaging/json_rows.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace dom = simdjson::dom;

void InputColumn::append(const dom::element& value) {
  if (value.is_null()) return column_.append_missing();
  if (!append_present(value)) throw refusal(value);
}

bool InputColumn::append_present(const dom::element& value) {
  switch (field_.type.kind) {
    case TypeKind::kReal: {
      double number = 0;
      if (value.get(number) != simdjson::SUCCESS) return false;
      column_.append_real(number);
      return true;
    }
    case TypeKind::kInteger:
      return append_integer(value);
    case TypeKind::kDecimal:
      return append_decimal(value);
    case TypeKind::kBoolean: {
      bool flag = false;
      if (value.get(flag) != simdjson::SUCCESS) return false;
      column_.append_integer(flag ? 1 : 0);
      return true;
    }
    default: {
      std::string_view text;
      if (value.get(text) != simdjson::SUCCESS) return false;
      if (field_.type != ColumnType::kText) return parse_append(text, column_);
      append_text(text);
      return true;
    }
  }
}

void InputColumn::append_text(std::string_view text) {
  if (column_.dictionary.empty()) {
    column_.dictionary.push_back(text);
    column_.codes.push_back(0);
    column_.valid.push_back(1);
    return;
  }
  if (!text_) text_.emplace(column_);
  text_->append(text);
}

// 5.0 is the integer 5: many clients send all their numbers as doubles.
bool InputColumn::append_integer(const dom::element& value) {
  std::int64_t integer = 0;
  if (value.get(integer) == simdjson::SUCCESS) {
    column_.append_integer(integer);
    return true;
  }
  double number = 0;
  if (!value.is_double() || value.get(number) != simdjson::SUCCESS) return false;
  if (number != std::floor(number) || std::abs(number) >= 0x1p63) return false;
  column_.append_integer(static_cast<std::int64_t>(number));
  return true;
}

// Numbers, and strings with the digits.
bool InputColumn::append_decimal(const dom::element& value) {
  std::string_view digits;
  if (value.get(digits) == simdjson::SUCCESS) return parse_append(digits, column_);
  std::int64_t integer = 0;
  if (value.get(integer) == simdjson::SUCCESS) return parse_append(std::to_string(integer), column_);
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS) return false;
  const auto decimal = decimal_of(number, field_.type);
  if (decimal) column_.append_integer(*decimal);
  return decimal.has_value();
}

Error InputColumn::refusal(const dom::element& value) const {
  return usage_error("input '{}', row {}: {} is not {}", field_.name, column_.size() + 1,
                     millrace::quoted(simdjson::minify(value)), expected_json(field_.type));
}

}  // namespace millrace
