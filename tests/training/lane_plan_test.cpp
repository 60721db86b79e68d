#include "training/lane_plan.hpp"

#include <set>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "training/lane_order.hpp"

namespace millrace {
namespace {

TrainingConfig with(std::uint32_t batch_size, std::uint32_t lanes = 64, bool deterministic = false) {
  TrainingConfig config;
  config.batch_size = batch_size;
  config.lanes = lanes;
  config.deterministic = deterministic;
  return config;
}

TEST(LanePlan, CutsAllRowsIntoLanesWhoseSizesDifferByOneAtMost) {
  for (const std::uint64_t rows : {1U, 2U, 63U, 64U, 65U, 1000003U}) {
    const LanePlan plan(rows, with(256), 1);
    std::uint64_t at = 0;
    for (std::uint32_t lane = 0; lane < plan.lanes(); ++lane) {
      const Range range = plan.rows_of_lane(lane);
      EXPECT_EQ(range.first, at);
      EXPECT_LE(plan.rows_of_lane(0).size() - range.size(), 1U);
      EXPECT_GE(range.size(), 1U);
      at = range.end;
    }
    EXPECT_EQ(at, rows);
  }
}

TEST(LanePlan, BatchesHoldEveryRowOnce) {
  for (const std::uint64_t rows : {1U, 31U, 256U, 257U, 10000U}) {
    for (const std::uint32_t batch : {1U, 7U, 96U, 256U, 20000U}) {
      const LanePlan plan(rows, with(batch), 1);
      std::uint64_t sum = 0;
      for (std::uint64_t b = 0; b < plan.steps_per_epoch(); ++b) {
        EXPECT_GT(plan.rows_of_batch(b), 0U);
        EXPECT_LE(plan.rows_of_batch(b), batch);
        sum += plan.rows_of_batch(b);
      }
      EXPECT_EQ(sum, rows);
      EXPECT_EQ(plan.rows_of_batch(plan.steps_per_epoch()), 0U);
    }
  }
}

TEST(LanePlan, HalvesLanesForSmallBatchesAndFewRows) {
  EXPECT_EQ(LanePlan(1000, with(256), 1).lanes(), 64U);
  EXPECT_EQ(LanePlan(1000, with(32), 1).lanes(), 32U);
  EXPECT_EQ(LanePlan(1000, with(100), 1).lanes(), 4U);
  EXPECT_EQ(LanePlan(5, with(256), 1).lanes(), 4U);
  EXPECT_EQ(LanePlan(1, with(256), 1).lanes(), 1U);
}

TEST(LanePlan, RanksOwnWholeGroupsAndAllLanes) {
  for (const bool deterministic : {false, true}) {
    for (int ranks = 1; ranks <= 8; ++ranks) {
      const LanePlan plan(10000, with(256, 64, deterministic), ranks);
      std::uint64_t lane = 0;
      std::uint64_t group = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const Range groups = plan.groups_of_rank(rank);
        EXPECT_EQ(groups.first, group);
        group = groups.end;
        for (auto g = static_cast<std::uint32_t>(groups.first); g < groups.end; ++g) {
          EXPECT_EQ(plan.lanes_of_group(g).first, lane);
          lane = plan.lanes_of_group(g).end;
        }
      }
      EXPECT_EQ(lane, plan.lanes());
    }
  }
}

TEST(LanePlan, RefusesWhatItCannotDeal) {
  EXPECT_THROW(LanePlan(0, with(256), 1), Error);
  EXPECT_THROW(LanePlan(1000, with(4), 5), Error);
  EXPECT_THROW(LanePlan(1000, with(256, 64, true), 9), Error);
  try {
    const LanePlan plan(3, with(256), 4);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_NE(error.message().find("at most 2 ranks"), std::string::npos) << error.message();
  }
}

// The lane's rows in the order of the epoch.
std::vector<std::uint64_t> whole_order(const LaneOrder& order) {
  std::vector<std::uint64_t> rows;
  for (std::uint32_t w = 0; w < order.windows(); ++w) {
    const LaneOrder::Window window = order.window(w);
    for (const std::uint32_t position : window.rows) rows.push_back(window.lane_row(position));
  }
  return rows;
}

TEST(LaneOrder, IsAPermutationForAnyNumberOfRowsAndWindows) {
  for (const std::uint64_t rows : {1U, 2U, 4095U, 4096U, 4097U, 20001U}) {
    for (const std::uint64_t window : {1U, 4096U, 9000U, 1000000U}) {
      const auto order = whole_order(LaneOrder(1, 0, 3, rows, window));
      const std::set<std::uint64_t> distinct(order.begin(), order.end());
      EXPECT_EQ(order.size(), rows);
      EXPECT_EQ(distinct.size(), rows);
      EXPECT_EQ(*distinct.rbegin(), rows - 1);
    }
  }
}

TEST(LaneOrder, DependsOnSeedEpochAndLane) {
  const auto order = whole_order(LaneOrder(1, 2, 3, 5000, 4096));
  EXPECT_EQ(order, whole_order(LaneOrder(1, 2, 3, 5000, 4096)));
  EXPECT_NE(order, whole_order(LaneOrder(2, 2, 3, 5000, 4096)));
  EXPECT_NE(order, whole_order(LaneOrder(1, 3, 3, 5000, 4096)));
  EXPECT_NE(order, whole_order(LaneOrder(1, 2, 4, 5000, 4096)));
}

}  // namespace
}  // namespace millrace
