#include "table/schema.hpp"

#include <gtest/gtest.h>

#include "types.hpp"

namespace millrace {
namespace {

const Schema kChurn({{"tenure", ColumnType::kInteger},
                     {"Churn", ColumnType::kBoolean},
                     {"", ColumnType::kText}});

TEST(Schema, ReadsBackFromJson) {
  EXPECT_EQ(Json(kChurn).get<Schema>(), kChurn);
  EXPECT_EQ(Json(Schema()).get<Schema>(), Schema());
}

TEST(Schema, FindsColumnsByExactName) {
  EXPECT_EQ(kChurn.index_of("Churn"), 1U);
  EXPECT_TRUE(kChurn.contains(""));
  EXPECT_FALSE(kChurn.contains("churn"));
}

TEST(Schema, SuggestsANearColumn) {
  try {
    (void)kChurn.index_of("Chrun");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_EQ(error.message(), "there is no column 'Chrun' (did you mean 'Churn'?)");
  }
}

TEST(Schema, EveryTypeHasANameThatReadsBack) {
  for (const ColumnType type : every_type()) {
    EXPECT_EQ(parse_column_type(to_string(type)), type);
  }
}

TEST(Schema, DecimalsSayTheirDigits) {
  EXPECT_EQ(parse_column_type("decimal(12,2)"), ColumnType::decimal(12, 2));
  EXPECT_EQ(parse_column_type("decimal(18, 18)"), ColumnType::decimal(18, 18));
  EXPECT_EQ(to_string(ColumnType::decimal(1, 0)), "decimal(1,0)");
  EXPECT_NE(ColumnType::decimal(12, 2), ColumnType::decimal(12, 3));
}

TEST(Schema, DecimalsWithOtherDigitsAreNoTypes) {
  for (const char* name : {"decimal(19,2)", "decimal(0,0)", "decimal(2,3)", "decimal(5)", "decimal(5,)",
                           "decimal(,2)", "decimal()", "decimal(5,2,1)", "decimal(5,-1)", "decimal(x,2)"}) {
    try {
      (void)parse_column_type(name);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_NE(error.message().find("from 1 to 18 digits"), std::string::npos) << error.message();
    }
  }
}

TEST(Schema, UnknownTypesAreErrorsWithANearMiss) {
  try {
    (void)parse_column_type("interger");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_NE(error.message().find("did you mean 'integer'?"), std::string::npos) << error.message();
  }
}

TEST(Schema, BrokenJsonNamesTheKey) {
  EXPECT_THROW((void)Json::parse(R"([{"name": "a"}])").get<Schema>(), Error);
  EXPECT_THROW((void)Json::parse(R"([{"name": 1, "type": "real"}])").get<Schema>(), Error);
}

}  // namespace
}  // namespace millrace
