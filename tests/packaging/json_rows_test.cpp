#include "packaging/json_rows.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace millrace {
namespace {

Schema all_types() {
  return Schema({{"flag", ColumnType::kBoolean},
                 {"tenure", ColumnType::kInteger},
                 {"size", ColumnType::kReal},
                 {"day", ColumnType::kDate},
                 {"time", ColumnType::kTimestamp},
                 {"city", ColumnType::kText},
                 {"price", ColumnType::decimal(5, 2)}});
}

std::string message_of(const std::string& rows) {
  try {
    (void)table_from_json_rows(Json::parse(rows), all_types());
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.message();
  }
  return "no error";
}

TEST(JsonRows, EveryType) {
  const Table table =
      table_from_json_rows(Json::parse(R"([{"flag": true, "tenure": -3, "size": 2, "day": "1970-01-03",
                       "time": "1970-01-01T00:00:01Z", "city": "Bonn"},
                      {"flag": null, "tenure": 5.0, "city": "Bonn"}])"),
                           all_types());
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table["flag"].integers[0], 1);
  EXPECT_EQ(table["tenure"].integers, (std::vector<std::int64_t>{-3, 5}));
  EXPECT_EQ(table["size"].reals[0], 2.0);
  EXPECT_EQ(table["day"].integers[0], 2);
  EXPECT_EQ(table["time"].integers[0], 1'000'000);
  EXPECT_EQ(table["city"].text(1), "Bonn");
  EXPECT_EQ(table["city"].dictionary.size(), 1U);
  for (const char* name : {"flag", "size", "day", "time"}) EXPECT_FALSE(table[name].is_valid(1)) << name;
}

TEST(JsonRows, NoRows) {
  EXPECT_EQ(table_from_json_rows(Json::array(), all_types()).rows(), 0U);
  EXPECT_EQ(table_from_json_rows(Json::array(), all_types()).columns.size(), 7U);
}

TEST(JsonRows, DecimalsAreNumbersOrTheirDigits) {
  const Table table = table_from_json_rows(
      Json::parse(R"([{"price": 12.5}, {"price": "12.50"}, {"price": -3}, {"price": 0.07}])"), all_types());
  EXPECT_EQ(table["price"].integers, (std::vector<std::int64_t>{1250, 1250, -300, 7}));
}

TEST(JsonRows, ValuesOfAnotherTypeAreErrorsThatNameRowAndColumn) {
  EXPECT_EQ(message_of(R"([{}, {"tenure": "12"}])"),
            "row 2, column 'tenure': '\"12\"' is not a whole number within 64 bits");
  EXPECT_EQ(message_of(R"([{"size": "1.5"}])"), "row 1, column 'size': '\"1.5\"' is not a number");
  for (const char* bad : {R"("flag": 1)", R"("flag": "true")", R"("tenure": 1.5)", R"("tenure": true)",
                          R"("tenure": 9223372036854775808)", R"("tenure": 1e300)", R"("size": true)",
                          R"("day": "2026-02-30")", R"("day": 7)", R"("time": "yesterday")", R"("city": 5)",
                          R"("city": ["Bonn"])", R"("city": {})", R"("price": 0.005)", R"("price": 1000)",
                          R"("price": "1e1")", R"("price": true)", R"("price": 1e300)"}) {
    EXPECT_NE(message_of("[{" + std::string(bad) + "}]").find("row 1, column"), std::string::npos) << bad;
  }
}

TEST(JsonRows, UnknownKeysAreErrorsWithANearMiss) {
  EXPECT_EQ(message_of(R"([{"tenur": 5}])"), "row 1: there is no input 'tenur' (did you mean 'tenure'?)");
  EXPECT_EQ(message_of(R"([{}, {"tenure": 5, "": null}])").substr(0, 27), "row 2: there is no input ''");
}

TEST(JsonRows, WhatIsNoListOfObjectsIsAnError) {
  for (const char* rows : {"{}", "5", "null", "[5]", "[[1, 2]]", R"(["a"])", "[null]"}) {
    EXPECT_NE(message_of(rows), "no error") << rows;
  }
}

}  // namespace
}  // namespace millrace
