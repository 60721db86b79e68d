#include <gtest/gtest.h>

#include "features/fixture.hpp"

namespace millrace {
namespace {

using namespace testing;
using Texts = std::vector<std::string>;

TargetPlan target_of(ColumnType type, const Texts& values, const std::string& positive = "",
                     const std::string& task = "") {
  TargetConfig config = target_config("y");
  if (!positive.empty()) config.positive = {positive};
  config.task = task;
  return fit_target(config, statistics_of(make_column(type, values)));
}

std::string failure(ColumnType type, const Texts& values, const std::string& positive = "",
                    const std::string& task = "") {
  return error_of([&] { target_of(type, values, positive, task); });
}

TEST(FitTarget, FindsTheTaskFromTypeAndLevels) {
  const auto binary = [](const TargetPlan& plan, const Texts& classes) {
    return plan.task == "binary" && plan.classes == classes && plan.positive.empty();
  };
  EXPECT_TRUE(binary(target_of(ColumnType::kText, {"Yes", "No", ""}), {"No", "Yes"}));
  EXPECT_TRUE(binary(target_of(ColumnType::kText, {"Yes", "No"}, "No"), {"Yes", "No"}));
  EXPECT_TRUE(binary(target_of(ColumnType::kBoolean, {"true", "false"}), {"false", "true"}));
  EXPECT_TRUE(binary(target_of(ColumnType::kInteger, {"1", "0", "1"}), {"0", "1"}));
  EXPECT_TRUE(binary(target_of(ColumnType::kReal, {"1.0", "0.0"}), {"0", "1"}));
  EXPECT_TRUE(binary(target_of(ColumnType::kInteger, {"7", "12"}, "7"), {"12", "7"}));
  EXPECT_EQ(target_of(ColumnType::kInteger, {"1", "2"}).task, "regression");
  EXPECT_EQ(target_of(ColumnType::kText, {"c", "a", "b", "a"}).task, "multiclass");
  EXPECT_EQ(target_of(ColumnType::kText, {"c", "a", "b", "a"}).classes, (Texts{"a", "b", "c"}));
  EXPECT_EQ(target_of(ColumnType::kInteger, {"10", "9", "-1"}, "", "multiclass").classes,
            (Texts{"-1", "9", "10"}));
}

TEST(FitTarget, TakesOneLevelAgainstTheRestWherePositiveIsOneOfMany) {
  const TargetPlan plan = target_of(ColumnType::kText, {"stayed", "churned", "joined"}, "churned");
  EXPECT_EQ(plan.task, "binary");
  EXPECT_EQ(plan.classes, (Texts{"not churned", "churned"}));
  EXPECT_FALSE(plan.positive.empty());
}

TEST(FitTarget, ScalesRegressionByPopulationMoments) {
  const TargetPlan plan = target_of(ColumnType::kReal, {"1", "", "3"});
  EXPECT_EQ(plan.mean, 2);
  EXPECT_EQ(plan.deviation, 1);
  EXPECT_TRUE(plan.classes.empty());
}

TEST(FitTarget, RefusesATargetThatTeachesNothing) {
  EXPECT_EQ(failure(ColumnType::kText, {"No", "No", ""}),
            "3: the target 'y' has a single class: 'No' (2 rows); two are needed to learn from");
  EXPECT_TRUE(contains(failure(ColumnType::kBoolean, {"true"}), "single class"));
  EXPECT_TRUE(contains(failure(ColumnType::kText, {"No"}, "Yes"), "single class"));
  EXPECT_EQ(failure(ColumnType::kText, {"", ""}), "3: the target 'y' has no values: every row is missing");
  EXPECT_TRUE(
      contains(failure(ColumnType::kReal, {"2", "2"}), "3: the target 'y' has the same value in all 2 rows"));
  EXPECT_TRUE(contains(failure(ColumnType::kReal, {"1e300", "-1e300"}), "too large to scale"));
}

TEST(FitTarget, RefusesTooManyClassesAndShowsSome) {
  Texts values;
  for (std::size_t i = 0; i <= kMaxClasses; ++i) values.push_back("id-" + std::to_string(i));
  const std::string message = failure(ColumnType::kText, values);
  EXPECT_TRUE(contains(message, "3: the target 'y' has 1,001 classes, more than 1000")) << message;
  EXPECT_TRUE(contains(message, "'id-0' (1 rows)")) << message;
  values.pop_back();
  EXPECT_EQ(target_of(ColumnType::kText, values).classes.size(), kMaxClasses);
  for (std::size_t i = 0; i <= DistinctCounter::kExactLimit; ++i)
    values.push_back("more-" + std::to_string(i));
  EXPECT_TRUE(contains(failure(ColumnType::kText, values), "has about "));
}

TEST(FitTarget, PointsToAPositiveLevelThatDoesNotOccur) {
  const std::string message = failure(ColumnType::kText, {"Yes", "No", "No"}, "yes");
  EXPECT_EQ(
      message,
      "2: the target 'y' has no level 'yes' (did you mean 'Yes'?); found: 'No' (2 rows), 'Yes' (1 rows)");
  TargetConfig config = target_config("y");
  config.positive = {"on"};
  config.column.mark = {"churn.yaml", 5, 13};
  EXPECT_TRUE(contains(error_of([&] {
                         fit_target(config, statistics_of(make_column(ColumnType::kText, {"a", "b"})));
                       }),
                       "2: churn.yaml:5:13: the target 'y' has no level 'on'"));
}

TEST(FitTarget, RefusesATaskThatDoesNotSuit) {
  EXPECT_TRUE(
      contains(failure(ColumnType::kText, {"1", "4o"}, "", "regression"), "2: the target 'y' is text"));
  EXPECT_TRUE(contains(failure(ColumnType::kText, {"a", "b", "c"}, "", "binary"),
                       "name one as data.target.positive"));
  EXPECT_TRUE(contains(failure(ColumnType::kText, {"a", "b"}, "a", "multiclass"),
                       "2: the target 'y': data.target.positive"));
  EXPECT_TRUE(contains(failure(ColumnType::kReal, {"1", "2"}, "1", "regression"),
                       "2: the target 'y': data.target.positive"));
  EXPECT_TRUE(
      contains(failure(ColumnType::kDate, {"2024-01-01", "2024-01-02"}), "2: the target 'y' is a date"));
}

}  // namespace
}  // namespace millrace
