#include "features/extend_plan.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

FeaturePlan plan_of(std::vector<std::string> colours, std::vector<std::string> sizes, double mean) {
  FeaturePlan plan;
  NumericTransform number;
  number.mean = mean;
  plan.steps.push_back({"x", ColumnType::kReal, number});
  plan.steps.push_back({"x", ColumnType::kReal, Bins{{mean}, 2}});
  plan.steps.push_back({"colour", ColumnType::kText, Embedding{Vocabulary(std::move(colours)), 3}});
  plan.steps.push_back({"size", ColumnType::kText, OneHot{Vocabulary(std::move(sizes)), true, false}});
  return plan;
}

TEST(ExtendPlan, AddsNewLevelsBehindTheOldOnesAndLeavesTheRest) {
  const FeaturePlan base = plan_of({"red", "blue"}, {"S"}, 1);
  const FeaturePlan plan = extend_plan(base, plan_of({"green", "blue", "black"}, {"M", "S"}, 9));
  EXPECT_EQ(Json(plan), Json(plan_of({"red", "blue", "green", "black"}, {"S", "M"}, 1)));
  for (const char* level : {"red", "blue"}) {
    EXPECT_EQ(std::get<Embedding>(plan.steps[2].transform).vocabulary.index_of(level),
              std::get<Embedding>(base.steps[2].transform).vocabulary.index_of(level));
  }
}

TEST(ExtendPlan, LearnsNothingFromAPlanWithoutNewLevels) {
  const FeaturePlan base = plan_of({"red", "blue"}, {"S", "M"}, 1);
  EXPECT_EQ(Json(extend_plan(base, plan_of({"blue"}, {"M"}, 3))), Json(base));
  EXPECT_EQ(Json(extend_plan(base, {})), Json(base));
}

TEST(ExtendPlan, TellsColumnsOfTheSameLevelsApart) {
  const FeaturePlan plan = extend_plan(plan_of({"a"}, {"b"}, 1), plan_of({"b"}, {"a"}, 1));
  EXPECT_EQ(Json(plan), Json(plan_of({"a", "b"}, {"b", "a"}, 1)));
}

}  // namespace
}  // namespace millrace
