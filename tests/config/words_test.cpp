// What --explain and --schema say agrees with what is read.
#include <algorithm>

#include "base/text.hpp"
#include "config/support.hpp"
#include "table/schema.hpp"

namespace millrace {
namespace {

using testing::minimal_yaml;
using testing::refusal;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The explanation with the three required keys, as in minimal_yaml().
std::string filled_in_explanation() {
  std::string text = replaced(explain_config(), "\nname:\n", "\nname: churn\n");
  text = replaced(text, "\n  source:\n", "\n  source: rows.csv\n");
  return replaced(text, "\n    column:\n", "\n    column: Churn\n");
}

TEST(Explain, ParsesOnceTheRequiredKeysAreFilledIn) {
  EXPECT_NE(refusal(explain_config()), "accepted");
  EXPECT_EQ(config_to_json(parse_config(filled_in_explanation(), "c")),
            config_to_json(parse_config(minimal_yaml(), "c")));
}

TEST(Explain, TheCommentedKeysOfAColumnAreReadToo) {
  std::string open;
  bool is_column = false;
  const std::string once = replaced(filled_in_explanation(), "columns: {}", "columns:");
  for (std::string line : split(replaced(once, "columns: {}", "columns:"), '\n')) {
    is_column = line == "  columns:" || (is_column && line.starts_with("  #   "));
    if (is_column && line.starts_with("  #   ")) line[2] = ' ';
    open += line + "\n";
  }
  const PipelineConfig config = parse_config(open, "c");
  ASSERT_TRUE(config.features.columns.contains("NAME")) << open;
  ASSERT_TRUE(config.monitoring.columns.contains("NAME")) << open;
  EXPECT_EQ(config.features.columns.at("NAME").categorical.onehot_max, CategoricalFeature{}.onehot_max);
}

TEST(Explain, HasEveryKeyWithLimits) {
  const std::string text = explain_config();
  EXPECT_NE(text.find("# Passes over the training rows [an integer, at least 1]\n  epochs: 30\n"),
            std::string::npos);
  EXPECT_NE(text.find("one of relu, gelu, tanh"), std::string::npos);
  std::size_t longest = 0;
  for (const std::string& line : split(text, '\n')) longest = std::max(longest, line.size());
  EXPECT_LE(longest, 160U);
}

// Every object of the schema has the keys of the default configuration's.
void expect_same_keys(const Json& schema, const Json& value, const std::string& path) {
  if (!value.is_object() || !schema.contains("properties")) return;
  for (const auto& [key, child] : value.items()) {
    ASSERT_TRUE(schema["properties"].contains(key)) << path << "." << key;
    EXPECT_TRUE(schema["properties"][key].contains("description")) << path << "." << key;
    expect_same_keys(schema["properties"][key], child, path + "." + key);
  }
  EXPECT_EQ(schema["properties"].size(), value.size()) << path;
  EXPECT_EQ(schema["additionalProperties"], false) << path;
}

TEST(Schema, HasEveryKey) {
  const Json schema = config_schema();
  expect_same_keys(schema, config_to_json(PipelineConfig{}), "");
  EXPECT_EQ(schema["required"], Json::array({"name", "data"}));
  EXPECT_EQ(schema["properties"]["data"]["required"], Json::array({"source", "target"}));
  EXPECT_EQ(schema["properties"]["training"]["properties"]["epochs"]["anyOf"][0]["minimum"], 1);
}

TEST(Words, ColumnTypesAreThoseOfTables) {
  for (const auto type : {ColumnType::kBoolean, ColumnType::kInteger, ColumnType::kReal, ColumnType::kDate,
                          ColumnType::kTimestamp, ColumnType::kText, ColumnType::decimal(12, 2)}) {
    const std::string yaml = minimal_yaml("  types: { a: '" + to_string(type) + "' }\n");
    EXPECT_EQ(refusal(yaml), "accepted") << yaml;
  }
  for (const char* type :
       {"decimal", "decimal(12)", "decimal(12,2) ", "xdecimal(12,2)", "decimal(100,2)", ""}) {
    const std::string yaml = minimal_yaml(std::string("  types: { a: '") + type + "' }\n");
    EXPECT_NE(refusal(yaml), "accepted") << yaml;
  }
}

}  // namespace
}  // namespace millrace
