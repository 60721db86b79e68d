#include "monitoring/performance.hpp"

#include <gtest/gtest.h>

#include "monitoring/example_model.hpp"

namespace millrace {
namespace {

// Rows of one shard a rank: `right` of ten are answered rightly and surely.
std::vector<ScoredShard> scored(const Communicator& comm, int right, std::size_t rows = 600) {
  ScoredShard shard{static_cast<std::uint32_t>(comm.rank()), {}, {}};
  for (std::size_t i = 0; i < rows; ++i) {
    const bool yes = i % 2 == 0;
    const bool is_right = static_cast<int>(i / 2 % 10) < right;
    shard.targets.push_back(yes ? 1 : 0);
    shard.predictions.push_back(yes == is_right ? 0.9F : 0.1F);
  }
  return {shard};
}

TEST(Performance, FallsWithTheMetric) {
  const auto world = Communicator::world();
  const MonitoredModel model = testing_support::example_model(100);
  MonitoringConfig monitoring;
  monitoring.performance.metric = "accuracy";
  monitoring.calibration = {1, 1, 1};
  const auto level_at = [&](int right) {
    return measure_performance(world, scored(world, right), static_cast<std::uint32_t>(world.size()), model,
                               monitoring)
        ->level;
  };
  EXPECT_EQ(level_at(8), DriftLevel::kNone);
  EXPECT_EQ(level_at(7), DriftLevel::kRetrain);
  monitoring.performance.retrain = 0.25;
  EXPECT_EQ(level_at(7), DriftLevel::kAlert);
}

// 0.7 after 0.8 may be chance where the test rows were few, and is none where they were many.
TEST(Performance, AFallThatMayBeChanceHasNoLevel) {
  const auto world = Communicator::world();
  MonitoredModel model = testing_support::example_model(100);
  MonitoringConfig monitoring;
  monitoring.performance.metric = "accuracy";
  monitoring.calibration = {1, 1, 1};
  const auto found = [&] {
    return *measure_performance(world, scored(world, 7), static_cast<std::uint32_t>(world.size()), model,
                                monitoring);
  };
  model.reference.intervals["accuracy"] = {0.6, 0.9};
  EXPECT_FALSE(found().is_sure);
  EXPECT_EQ(found().level, DriftLevel::kNone);
  model.reference.intervals["accuracy"] = {0.79, 0.81};
  EXPECT_TRUE(found().is_sure);
  EXPECT_EQ(found().level, DriftLevel::kRetrain);
}

TEST(Performance, CalibrationCounts) {
  const auto world = Communicator::world();
  const MonitoredModel model = testing_support::example_model(100);
  MonitoringConfig monitoring;
  monitoring.performance = {"accuracy", 1, 1, 1};
  const auto found = measure_performance(world, scored(world, 6), static_cast<std::uint32_t>(world.size()),
                                         model, monitoring);
  EXPECT_NEAR(found->calibration_rise, 0.3 - 0.02, 1e-6);
  EXPECT_EQ(found->level, DriftLevel::kRetrain);
  EXPECT_EQ(found->cause, "calibration error 0.3000, 0.0200 before");
}

TEST(Performance, TooFewLabelsSayNothing) {
  const auto world = Communicator::world();
  const auto few = scored(world, 9, 100 / static_cast<std::size_t>(world.size()));
  EXPECT_FALSE(measure_performance(world, few, static_cast<std::uint32_t>(world.size()),
                                   testing_support::example_model(100), {}));
}

}  // namespace
}  // namespace millrace
