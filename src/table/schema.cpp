#include "table/schema.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::array<const char*, 6> kTypeNames{"boolean", "integer", "real", "date", "timestamp", "text"};

}  // namespace

const char* to_string(ColumnType type) {
  return kTypeNames.at(static_cast<std::size_t>(type));
}

ColumnType parse_column_type(std::string_view name) {
  const auto* found = std::find(kTypeNames.begin(), kTypeNames.end(), name);
  if (found != kTypeNames.end()) return static_cast<ColumnType>(found - kTypeNames.begin());
  const std::vector<std::string> names(kTypeNames.begin(), kTypeNames.end());
  throw Error(Topic::kUnknownName, "{} is no column type{}; there are {}", quoted(name),
              suggestion(name, names), join(names, ", "));
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
    throw Error(Topic::kUnknownColumn, "there is no column {}{}", quoted(name), suggestion(name, names()));
  return static_cast<std::size_t>(found - begin());
}

void to_json(Json& json, const Schema& schema) {
  json = Json::array();
  for (const Field& field : schema) json.push_back({{"name", field.name}, {"type", to_string(field.type)}});
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
