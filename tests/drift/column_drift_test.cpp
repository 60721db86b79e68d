#include "drift/column_drift.hpp"

#include <random>

#include <gtest/gtest.h>

#include "drift/distributions.hpp"

namespace millrace {
namespace {

TEST(ColumnDrift, TestsAreChosenByTypeValuesAndRows) {
  const auto chosen = [](const ColumnDistribution& reference) { return choose_test(reference, reference); };
  EXPECT_EQ(chosen(numbers_column(drawn(1000, 1, 0))), "ks");
  EXPECT_EQ(chosen(numbers_column(drawn(1001, 1, 0))), "wasserstein");
  EXPECT_EQ(chosen(numbers_column({1, 2, 3, 4, 5})), "chisquare");
  EXPECT_EQ(chosen(numbers_column({1, 2, 2})), "z");
  EXPECT_EQ(chosen(numbers_column(std::vector<double>(2000, 1.0))), "jensenshannon");
  EXPECT_EQ(chosen(levels_column({{"a", 10}, {"b", 10}, {"c", 2}})), "chisquare");
  EXPECT_EQ(chosen(levels_column({{"a", 10}, {"b", 10}})), "z");
  EXPECT_EQ(chosen(levels_column({{"a", 1000}, {"b", 10}})), "jensenshannon");
}

TEST(ColumnDrift, AShiftRaisesTheLevelStepByStep) {
  const ColumnDistribution reference = numbers_column(drawn(20000, 2, 0));
  DriftLevel before = DriftLevel::kNone;
  for (const double shift : {0.0, 0.2, 0.35, 0.4, 0.6}) {
    const ColumnDrift drift = compare_columns(reference, numbers_column(drawn(5000, 3, shift)), {});
    EXPECT_GE(drift.level, before) << shift;
    before = drift.level;
  }
  EXPECT_EQ(before, DriftLevel::kRetrain);
  EXPECT_EQ(compare_columns(reference, numbers_column(drawn(5000, 4, 0)), {}).level, DriftLevel::kNone);
}

TEST(ColumnDrift, WhatChanceDoesHasNoLevel) {
  const ColumnDistribution reference = numbers_column(drawn(100, 5, 0));
  const ColumnDrift drift = compare_columns(reference, numbers_column(drawn(30, 6, 0.2)), {});
  EXPECT_GE(drift.index, 0.1);
  EXPECT_LT(drift.index, drift.index_by_chance);
  EXPECT_EQ(drift.level, DriftLevel::kNone);
}

TEST(ColumnDrift, AColumnWithoutValuesIsAFaultOfTheFeed) {
  const ColumnDrift drift = compare_columns(numbers_column(drawn(1000, 7, 0)), numbers_column({}, 500), {});
  EXPECT_FALSE(drift.compared);
  EXPECT_EQ(drift.level, DriftLevel::kAlert);
  EXPECT_EQ(drift.cause, "no values of type real");
}

TEST(ColumnDrift, MissingValuesCount) {
  const ColumnDistribution reference = numbers_column(drawn(5000, 8, 0));
  const ColumnDrift drift = compare_columns(reference, numbers_column(drawn(4500, 8, 0), 500), {});
  EXPECT_EQ(drift.level, DriftLevel::kRetrain);
  EXPECT_EQ(drift.cause, "10.0 % missing, 0.0 % before");
}

TEST(ColumnDrift, NewLevelsCount) {
  const ColumnDistribution reference = levels_column({{"a", 5000}, {"b", 5000}});
  const ColumnDrift drift =
      compare_columns(reference, levels_column({{"a", 470}, {"b", 470}, {"c", 60}}), {});
  EXPECT_DOUBLE_EQ(drift.new_levels, 0.06);
  EXPECT_GE(drift.level, DriftLevel::kAlert);
  const ColumnDrift only = compare_columns(reference, levels_column({{"x", 600}}), {});
  EXPECT_EQ(only.new_levels, 1);
  EXPECT_EQ(only.level, DriftLevel::kRetrain);
}

// A column of which half of the values occur once goes on to have new ones.
TEST(ColumnDrift, NewLevelsThatAreUsualAreNone) {
  std::map<std::string, std::uint64_t> levels{{"usual", 500}};
  for (int i = 0; i < 500; ++i) levels["code " + std::to_string(i)] = 1;
  std::map<std::string, std::uint64_t> later{{"usual", 260}};
  for (int i = 0; i < 240; ++i) later["later " + std::to_string(i)] = 1;
  const ColumnDrift drift = compare_columns(levels_column(levels), levels_column(later), {});
  EXPECT_NEAR(drift.new_levels, 0.48, 1e-9);
  EXPECT_GT(drift.new_levels_by_chance, 0.5);
  EXPECT_EQ(drift.level, DriftLevel::kNone);
}

TEST(ColumnDrift, AColumnHasItsOwnRules) {
  MonitoringConfig monitoring;
  monitoring.columns["x"].retrain = 5;
  monitoring.columns["x"].test = "psi";
  monitoring.columns["x"].edges = {0};
  const ColumnRules rules = rules_for(monitoring, "x", 20);
  EXPECT_EQ(rules.drift.retrain, 5);
  EXPECT_EQ(rules.drift.alert, 0.15);
  EXPECT_EQ(rules.test, "psi");
  EXPECT_EQ(rules.bins.edges, std::vector<double>{0});
  EXPECT_EQ(rules_for(monitoring, "y", 20).test, "auto");
  EXPECT_DOUBLE_EQ(rules_for(monitoring, "y", 20).chance, 0.0005);
}

// With a test that does not fit the column, the usual one decides.
TEST(ColumnDrift, NumbersTestsAreNotForLevels) {
  ColumnRules rules;
  rules.test = "wasserstein";
  const ColumnDistribution levels = levels_column({{"a", 3000}, {"b", 10}});
  EXPECT_EQ(compare_columns(levels, levels, rules).test, "jensenshannon");
}

}  // namespace
}  // namespace millrace
