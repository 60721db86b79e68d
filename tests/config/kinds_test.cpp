// Every key that the schema declares, with every kind of value: what the schema does not allow is refused at
// the value's place, by the key's name.
#include <algorithm>

#include "base/text.hpp"
#include "config/support.hpp"

namespace millrace {
namespace {

using testing::refusal;
using Pointer = Json::json_pointer;

const std::vector<Json>& kinds_of_values() {
  static const std::vector<Json> kValues{nullptr,       true,  "no such word", -1.5,        1e300,
                                         Json::array(), {{1}}, Json::object(), {{"zzz", 1}}};
  return kValues;
}

bool has_type(const Json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_boolean();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  if (type == "integer") return value.is_number_integer();
  return type == "number" && value.is_number();
}

bool has_one_of(const Json& value, const Json& types) {
  if (types.is_string()) return has_type(value, types);
  return std::any_of(types.begin(), types.end(), [&](const Json& type) { return has_type(value, type); });
}

bool in_range(const Json& schema, double value) {
  return value >= schema.value("minimum", value) && value <= schema.value("maximum", value) &&
         (!schema.contains("exclusiveMinimum") || value > schema["exclusiveMinimum"]) &&
         (!schema.contains("exclusiveMaximum") || value < schema["exclusiveMaximum"]);
}

bool allows(const Json& schema, const Json& value);

bool allows_items(const Json& schema, const Json& list) {
  if (list.size() < schema.value("minItems", std::size_t{0})) return false;
  return std::all_of(list.begin(), list.end(), [&](const Json& item) {
    return !schema.contains("items") || allows(schema["items"], item);
  });
}

bool allows_keys(const Json& schema, const Json& map) {
  const Json required = schema.value("required", Json::array());
  for (const Json& key : required) {
    if (!map.contains(key.get<std::string>())) return false;
  }
  const Json properties = schema.value("properties", Json::object());
  const Json others = schema.value("additionalProperties", Json(true));
  for (const auto& [key, value] : map.items()) {
    if (!properties.contains(key) && others == Json(true)) continue;
    if (!properties.contains(key) && others == Json(false)) return false;
    if (!allows(properties.contains(key) ? properties[key] : others, value)) return false;
  }
  return true;
}

// As much of JSON Schema as config_schema() uses; patterns are of environment variables, which no value here
// is.
bool allows(const Json& schema, const Json& value) {
  if (schema.contains("anyOf")) {
    return std::any_of(schema["anyOf"].begin(), schema["anyOf"].end(),
                       [&](const Json& choice) { return allows(choice, value); });
  }
  if (schema.contains("pattern")) return false;
  if (schema.contains("enum"))
    return std::find(schema["enum"].begin(), schema["enum"].end(), value) != schema["enum"].end();
  if (!has_one_of(value, schema["type"])) return false;
  if (value.is_number()) return in_range(schema, value);
  if (value.is_string()) return value.get<std::string>().size() <= schema.value("maxLength", 1000U);
  if (value.is_array()) return allows_items(schema, value);
  return !value.is_object() || allows_keys(schema, value);
}

struct Key {
  std::string path;  // as messages write it
  Pointer at;
  Json schema;
};

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

// All keys below a schema; a list is entered at its first item, a map from names at the name "age".
void collect(const Json& schema, const std::string& path, const Pointer& at, std::vector<Key>& keys) {
  const Json choices = schema.value("anyOf", Json::array());
  for (const Json& choice : choices) collect(choice, path, at, keys);
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, child] : properties.items()) {
    keys.push_back({joined(path, name), at / name, child});
    collect(child, joined(path, name), at / name, keys);
  }
  if (schema.contains("items")) collect(schema["items"], path + "[0]", at / 0, keys);
  if (const Json others = schema.value("additionalProperties", Json()); others.is_object()) {
    keys.push_back({joined(path, "age"), at / "age", others});
    collect(others, joined(path, "age"), at / "age", keys);
  }
}

std::vector<Key> all_keys() {
  std::vector<Key> keys;
  collect(config_schema(), "", Pointer(), keys);
  return keys;
}

// JSON is YAML.
std::string file_with(const Key& key, const Json& value) {
  Json file{{"name", "churn"}, {"data", {{"source", "rows.csv"}, {"target", {{"column", "Churn"}}}}}};
  if (key.path.starts_with("validation.expect[0]")) file["validation"]["expect"][0]["column"] = "age";
  if (key.path.starts_with("cost.budgets[0]")) file["cost"]["budgets"][0] = {{"amount", 5}, {"name", "team"}};
  file[key.at] = value;
  return file.dump(2);
}

// Line of the key's value, from 1.
long line_of(const Key& key) {
  const std::string text = file_with(key, "here it is");
  return 1 + std::count(text.begin(), text.begin() + static_cast<long>(text.find("here it is")), '\n');
}

void expect_refused(const Key& key, const Json& value) {
  const std::string message = refusal(file_with(key, value));
  const std::string shown = key.path + ": " + value.dump() + "\n  → " + message;
  ASSERT_TRUE(message.starts_with("churn.yaml:")) << shown;
  const long line = std::stol(message.substr(std::string("churn.yaml:").size()));
  EXPECT_GE(line, line_of(key)) << shown;
  EXPECT_LE(line, line_of(key) + std::ranges::count(value.dump(2), '\n')) << shown;
  EXPECT_TRUE(message.find(key.path) != std::string::npos || message.find("'zzz'") != std::string::npos)
      << shown;
  const bool says_what = message.find(" must be ") != std::string::npos ||
                         message.find("unknown key") != std::string::npos ||
                         message.find(" is missing") != std::string::npos;
  EXPECT_TRUE(says_what) << shown;
}

TEST(Kinds, EveryKeyRefusesWhatItsSchemaDoesNotAllow) {
  std::size_t refused = 0;
  const std::vector<Key> keys = all_keys();
  for (const Key& key : keys) {
    for (const Json& value : kinds_of_values()) {
      if (allows(key.schema, value)) continue;
      expect_refused(key, value);
      ++refused;
    }
  }
  EXPECT_GT(keys.size(), 90U);
  EXPECT_GT(refused, 4 * keys.size());
}

}  // namespace
}  // namespace millrace
