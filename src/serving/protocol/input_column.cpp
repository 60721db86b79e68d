#include "serving/protocol/input_column.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "packaging/json_rows.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

namespace dom = simdjson::dom;

bool append_decimal(const dom::element& value, Column& column) {
  std::string_view digits;
  return value.get(digits) == simdjson::SUCCESS && parse_append(digits, column);
}

bool append_json_number(const dom::element& value, Column& column) {
  std::int64_t integer = 0;
  if (value.get(integer) == simdjson::SUCCESS) return append_number(integer, column);
  double number = 0;
  return value.get(number) == simdjson::SUCCESS && append_number(number, column);
}

bool append_boolean(const dom::element& value, Column& column) {
  bool flag = false;
  if (value.get(flag) != simdjson::SUCCESS) return false;
  column.append_integer(flag ? 1 : 0);
  return true;
}

bool append_present(const dom::element& value, Column& column) {
  switch (column.type.kind) {
    case TypeKind::kReal:
    case TypeKind::kInteger:
      return append_json_number(value, column);
    case TypeKind::kDecimal:  // a number, or a string with the digits
      return append_json_number(value, column) || append_decimal(value, column);
    case TypeKind::kBoolean:
      return append_boolean(value, column);
    default: {
      std::string_view text;
      return value.get(text) == simdjson::SUCCESS && append_text(text, column);
    }
  }
}

}  // namespace

void append_json(const dom::element& value, const Field& field, Column& column) {
  if (value.is_null()) return column.append_missing();
  if (append_present(value, column)) return;
  throw usage_error("row {}, column '{}': {} is not {}", column.size() + 1, field.name,
                    millrace::quoted(simdjson::minify(value)), expected_json(field.type));
}

bool append_text(std::string_view text, Column& column) {
  if (column.type != ColumnType::kText) return parse_append(text, column);
  column.codes.push_back(static_cast<std::int32_t>(column.dictionary.size()));
  column.dictionary.push_back(text);
  column.valid.push_back(1);
  return true;
}

bool append_number(double value, Column& column) {
  if (std::isnan(value)) return column.append_missing(), true;
  switch (column.type.kind) {
    case TypeKind::kReal:
      if (std::isinf(value)) return false;
      column.append_real(value);
      return true;
    case TypeKind::kDecimal: {
      const auto decimal = decimal_of(value, column.type);
      if (decimal) column.append_integer(*decimal);
      return decimal.has_value();
    }
    default:
      if (value != std::floor(value) || std::abs(value) >= 0x1p63) return false;
      column.append_integer(static_cast<std::int64_t>(value));
      return true;
  }
}

bool append_number(std::int64_t value, Column& column) {
  switch (column.type.kind) {
    case TypeKind::kReal:
      column.append_real(static_cast<double>(value));
      return true;
    case TypeKind::kDecimal:
      return parse_append(std::to_string(value), column);
    default:
      column.append_integer(value);
      return true;
  }
}

}  // namespace millrace
