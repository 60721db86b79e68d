#include "features/extend_plan.hpp"

#include <gtest/gtest.h>

#include "features/fixture.hpp"
#include "support/tables.hpp"

namespace millrace {
namespace {

const Schema kSchema({{"x", ColumnType::kReal},
                      {"colour", ColumnType::kText},
                      {"size", ColumnType::kText},
                      {"label", ColumnType::kText}});

FeaturePlan plan_of(std::vector<std::string> colours, std::vector<std::string> sizes) {
  FeaturePlan plan;
  plan.target.column = "label";
  plan.steps.push_back({"x", ColumnType::kReal, NumericTransform{}});
  plan.steps.push_back({"x", ColumnType::kReal, Bins{{1}, 2}});
  plan.steps.push_back({"colour", ColumnType::kText, Embedding{Vocabulary(std::move(colours)), 3}});
  plan.steps.push_back({"size", ColumnType::kText, OneHot{Vocabulary(std::move(sizes)), true, false}});
  return plan;
}

Column texts(const std::vector<std::string>& values) {
  return testing_support::make_column(ColumnType::kText, values);
}

FeaturePlan extended(const FeaturePlan& base, const std::vector<std::string>& colours,
                     const std::vector<std::string>& sizes, std::uint32_t min_count = 1) {
  FeaturesConfig config;
  config.categorical.min_count = min_count;
  return extend_plan(base, config, kSchema,
                     {{"colour", statistics_of(texts(colours))}, {"size", statistics_of(texts(sizes))}});
}

TEST(ExtendPlan, AddsNewLevelsBehindTheOldOnesAndLeavesTheRest) {
  const FeaturePlan base = plan_of({"red", "blue"}, {"S"});
  const FeaturePlan plan = extended(base, {"green", "green", "blue", "black"}, {"M", "S"});
  EXPECT_EQ(Json(plan), Json(plan_of({"red", "blue", "green", "black"}, {"S", "M"})));
}

TEST(ExtendPlan, LearnsNoLevelThatIsKnownOrRare) {
  const FeaturePlan base = plan_of({"red", "blue"}, {"S", "M"});
  EXPECT_EQ(Json(extended(base, {"blue", "red"}, {"M"})), Json(base));
  EXPECT_EQ(Json(extended(base, {"green", "black", "black"}, {"S"}, 2)),
            Json(plan_of({"red", "blue", "black"}, {"S", "M"})));
}

TEST(ExtendPlan, AsksForTheColumnsOfItsLevels) {
  EXPECT_EQ(level_columns(plan_of({"a"}, {"b"})).names(), (std::vector<std::string>{"colour", "size"}));
}

TEST(ExtendPlan, TellsWhichTablesTheNewLevelsAreIn) {
  const FeaturePlan base = plan_of({"red"}, {"S"});
  const FeaturePlan plan = plan_of({"red", "green"}, {"S"});
  const Schema columns = extended_columns(base, plan);
  EXPECT_EQ(columns.names(), std::vector<std::string>{"colour"});
  EXPECT_EQ(extended_columns(base, base).size(), 0U);
  EXPECT_TRUE(has_new_levels(base, plan, Table{columns, {texts({"red", "green"})}}));
  EXPECT_FALSE(has_new_levels(base, plan, Table{columns, {texts({"red", "black"})}}));
}

}  // namespace
}  // namespace millrace
