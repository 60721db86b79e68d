#include "table/schema.hpp"

#include <gtest/gtest.h>

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
  for (int i = 0; i < 6; ++i) {
    const auto type = static_cast<ColumnType>(i);
    EXPECT_EQ(parse_column_type(to_string(type)), type);
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
