#include "table/schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

// By their TypeKind.
constexpr std::array<const char*, 6> kTypeNames{"boolean", "integer", "real", "date", "timestamp", "text"};
constexpr std::string_view kDecimal = "decimal(";

std::optional<int> parse_count(std::string_view digits) {
  int count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return error == std::errc() && end == digits.data() + digits.size() ? std::optional(count) : std::nullopt;
}

// decimal(precision,scale)
ColumnType parse_decimal_type(std::string_view name) {
  const std::string_view digits = name.substr(kDecimal.size(), name.size() - kDecimal.size() - 1);
  const std::size_t comma = std::min(digits.find(','), digits.size());
  const auto precision = parse_count(digits.substr(0, comma));
  const auto scale = parse_count(trim(digits.substr(std::min(comma + 1, digits.size()))));
  if (precision && scale && 1 <= *precision && *precision <= kMaxPrecision && 0 <= *scale &&
      *scale <= *precision) {
    return ColumnType::decimal(*precision, *scale);
  }
  throw Error(
      Topic::kUnknownName,
      "{} is no column type: in decimal(precision,scale) the precision is from 1 to {} digits in all, "
      "the scale from 0 to as many of them behind the point",
      millrace::quoted(name), kMaxPrecision);
}

}  // namespace

std::string to_string(ColumnType type) {
  if (type.kind == TypeKind::kDecimal) return fmt::format("decimal({},{})", type.precision, type.scale);
  return kTypeNames.at(static_cast<std::size_t>(type.kind));
}

ColumnType parse_column_type(std::string_view name) {
  const auto* found = std::find(kTypeNames.begin(), kTypeNames.end(), name);
  if (found != kTypeNames.end()) return {static_cast<TypeKind>(found - kTypeNames.begin())};
  if (name.starts_with(kDecimal) && name.ends_with(')')) return parse_decimal_type(name);
  std::vector<std::string> names(kTypeNames.begin(), kTypeNames.end());
  names.emplace_back("decimal(precision,scale)");
  throw Error(Topic::kUnknownName, "{} is no column type{}; there are {}", millrace::quoted(name),
              suggestion(name, names), join(names, ", "));
}

void to_json(Json& json, const ColumnType& type) {
  json = to_string(type);
}

void from_json(const Json& json, ColumnType& type) {
  type = parse_column_type(json.get<std::string>());
}

std::vector<std::string> Schema::names() const {
  std::vector<std::string> names;
  names.reserve(fields_.size());
  for (const Field& field : fields_) names.push_back(field.name);
  return names;
}

bool Schema::contains(std::string_view name) const {
  return std::any_of(begin(), end(), [&](const Field& field) { return field.name == name; });
}

std::size_t Schema::index_of(std::string_view name) const {
  const auto found = std::find_if(begin(), end(), [&](const Field& field) { return field.name == name; });
  if (found == end())
    throw Error(Topic::kUnknownColumn, "there is no column {}{}", millrace::quoted(name),
                suggestion(name, names()));
  return static_cast<std::size_t>(found - begin());
}

void to_json(Json& json, const Schema& schema) {
  json = Json::array();
  for (const Field& field : schema) json.push_back({{"name", field.name}, {"type", field.type}});
}

void from_json(const Json& json, Schema& schema) {
  std::vector<Field> fields;
  for (const Json& field : json) {
    fields.push_back({json_get<std::string>(field, "name", "schema"),
                      parse_column_type(json_get<std::string>(field, "type", "schema"))});
  }
  schema = Schema(std::move(fields));
}

}  // namespace millrace
