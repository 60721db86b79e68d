#include "packaging/json_rows.hpp"

#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

std::string shown(const Json& value) {
  return millrace::quoted(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// 5.0 is the integer 5: many clients send all their numbers as doubles.
bool append_integer(const Json& value, Column& column) {
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (number != std::floor(number) || !(std::abs(number) < 0x1p63)) return false;
    column.append_integer(static_cast<std::int64_t>(number));
    return true;
  }
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return false;
  column.append_integer(value.get<std::int64_t>());
  return true;
}

bool append_real(const Json& value, Column& column) {
  if (!value.is_number() || !std::isfinite(value.get<double>())) return false;
  column.append_real(value.get<double>());
  return true;
}

bool append_decimal(const Json& value, Column& column) {
  if (value.is_string()) return parse_append(value.get_ref<const std::string&>(), column);
  if (value.is_number_integer()) return parse_append(value.dump(), column);
  if (!value.is_number_float()) return false;
  const auto decimal = decimal_of(value.get<double>(), column.type);
  if (decimal) column.append_integer(*decimal);
  return decimal.has_value();
}

bool append_boolean(const Json& value, Column& column) {
  if (!value.is_boolean()) return false;
  column.append_integer(value.get<bool>() ? 1 : 0);
  return true;
}

// Fills one column, row by row.
class JsonColumn {
 public:
  explicit JsonColumn(Column& column) : column_(column) {
    if (column.type == ColumnType::kText) text_.emplace(column);
  }

  // False where the value is not of the column's type.
  bool append(const Json& value) {
    if (value.is_null()) return column_.append_missing(), true;
    switch (column_.type.kind) {
      case TypeKind::kBoolean:
        return append_boolean(value, column_);
      case TypeKind::kInteger:
        return append_integer(value, column_);
      case TypeKind::kReal:
        return append_real(value, column_);
      case TypeKind::kDecimal:
        return append_decimal(value, column_);
      default:
        return value.is_string() && append_string(value.get_ref<const std::string&>());
    }
  }

 private:
  bool append_string(const std::string& value) {
    if (!text_) return parse_append(value, column_);
    text_->append(value);
    return true;
  }

  Column& column_;
  std::optional<TextAppender> text_;
};

Error unknown_key(const Json& row, std::size_t number, const Schema& schema) {
  for (const auto& [key, value] : row.items()) {
    if (schema.contains(key)) continue;
    return usage_error("row {}: there is no input {}{}", number, millrace::quoted(key),
                       suggestion(key, schema.names()));
  }
  return internal_error("row {} has more keys than are known, yet no unknown one", number);
}

void append_row(const Json& row, std::size_t number, const Schema& schema, std::vector<JsonColumn>& columns) {
  if (!row.is_object()) {
    throw usage_error("row {} must be an object {{\"column\": value, …}}, not {}", number, shown(row));
  }
  static const Json kMissing;
  std::size_t known = 0;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const auto found = row.find(schema[i].name);
    known += found != row.end() ? 1 : 0;
    const Json& value = found != row.end() ? *found : kMissing;
    if (columns[i].append(value)) continue;
    throw usage_error("row {}, column '{}': {} is not {}", number, schema[i].name, shown(value),
                      expected_json(schema[i].type));
  }
  if (known != row.size()) throw unknown_key(row, number, schema);
}

}  // namespace

Table table_from_json_rows(const Json& rows, const Schema& schema) {
  if (!rows.is_array()) throw usage_error("the rows must be a list of objects, not {}", shown(rows));
  Table table = make_table(schema);
  std::vector<JsonColumn> columns(table.columns.begin(), table.columns.end());
  std::size_t number = 0;
  for (const Json& row : rows) append_row(row, ++number, schema, columns);
  return table;
}

std::string expected_json(ColumnType type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return "true or false";
    case TypeKind::kInteger:
      return "a whole number within 64 bits";
    case TypeKind::kReal:
      return "a number";
    case TypeKind::kDecimal:
      return fmt::format("a number, or a string with its digits, that is a {}", to_string(type));
    case TypeKind::kDate:
      return "a date such as \"2026-11-24\"";
    case TypeKind::kTimestamp:
      return "a time such as \"2026-11-24T03:26:00Z\"";
    case TypeKind::kText:
      return "a string";
  }
  return "";
}

}  // namespace millrace
