#include <gtest/gtest.h>

#include "features/mixed_table.hpp"

namespace millrace {
namespace {

using namespace testing;

FeaturePlan read_back(const FeaturePlan& plan) {
  return parse_json(canonical_json(Json(plan)), "plan").get<FeaturePlan>();
}

TEST(PlanJson, RoundTripGivesIdenticalBytesAndOutputs) {
  const FeaturePlan plan = fit(mixed_config(), mixed_table(2000), "target");
  const FeaturePlan again = read_back(plan);
  EXPECT_EQ(canonical_json(Json(plan)), canonical_json(Json(again)));
  EXPECT_EQ(plan.numeric_names(), again.numeric_names());
  EXPECT_EQ(plan.embeddings(), again.embeddings());
  EXPECT_EQ(plan.input_schema(), again.input_schema());
  const Table table = mixed_table(333, 9);
  EXPECT_EQ(applied(plan, table).numeric, applied(again, table).numeric);
  EXPECT_EQ(applied(plan, table).categorical, applied(again, table).categorical);
}

TEST(PlanJson, KeepsTheTargetWithEveryBit) {
  FeaturePlan plan;
  plan.target = {"y", ColumnType::kReal, "regression", {}, {}, 0.1 + 0.2, 1.0 / 3};
  const TargetPlan again = read_back(plan).target;
  EXPECT_EQ(again.mean, 0.1 + 0.2);
  EXPECT_EQ(again.deviation, 1.0 / 3);
  EXPECT_EQ(again.type, ColumnType::kReal);
  EXPECT_EQ(again.task, "regression");
  plan.target = {"y", ColumnType::kText, "binary", {"not ü", "ü"}, {"ü", "Ü"}};
  EXPECT_EQ(read_back(plan).target.classes, plan.target.classes);
  EXPECT_EQ(read_back(plan).target.positive, plan.target.positive);
}

TEST(PlanJson, NamesWhatIsDamaged) {
  Json json(fit(mixed_config(), mixed_table(200), "target"));
  json["steps"][0]["kind"] = "fourier";
  EXPECT_TRUE(contains(error_of([&] { json.get<FeaturePlan>(); }),
                       "6: feature plan: there is no kind of step 'fourier'"));
  json["steps"][0].erase("kind");
  EXPECT_TRUE(contains(error_of([&] { json.get<FeaturePlan>(); }), "6: feature plan: key 'kind'"));
  EXPECT_TRUE(contains(error_of([&] { Json::array().get<FeaturePlan>(); }), "6: feature plan: key 'steps'"));
}

}  // namespace
}  // namespace millrace
