#include "evaluation/groups.hpp"

#include <gtest/gtest.h>

#include "random_shards.hpp"

namespace millrace {
namespace {

using namespace testing_support;

constexpr std::size_t kGroups = 5;  // the last one has no rows

std::uint8_t group_of(const ScoredShard& shard, std::size_t row) {
  return static_cast<std::uint8_t>((shard.shard + row * row) % (kGroups - 1));
}

RowGroups groups_of(const std::vector<ScoredShard>& shards) {
  RowGroups groups;
  for (const ScoredShard& shard : shards) {
    groups.emplace_back();
    for (std::size_t row = 0; row < shard.targets.size(); ++row)
      groups.back().push_back(group_of(shard, row));
  }
  return groups;
}

// The rows of a group as shards of their own.
std::vector<ScoredShard> rows_of(const std::vector<ScoredShard>& shards, std::size_t group,
                                 std::size_t outputs) {
  std::vector<ScoredShard> rows;
  for (const ScoredShard& shard : shards) {
    rows.push_back({shard.shard, {}, {}});
    for (std::size_t row = 0; row < shard.targets.size(); ++row) {
      if (group_of(shard, row) != group) continue;
      rows.back().targets.push_back(shard.targets[row]);
      for (std::size_t i = 0; i < outputs; ++i)
        rows.back().predictions.push_back(shard.predictions[row * outputs + i]);
    }
  }
  return rows;
}

TEST(Groups, HaveTheMetricsOfTheirRowsAlone) {
  for (const auto& options : {kBinary, kThreeClasses, kRegression}) {
    const auto shards = random_shards(options, 7);
    const auto mine = of_this_rank(shards);
    const auto found = evaluate_groups(Communicator::world(), mine, 7, options, groups_of(mine), kGroups);
    ASSERT_EQ(found.size(), kGroups);
    for (std::size_t group = 0; group < kGroups; ++group) {
      const auto expected =
          evaluate(Communicator::self(), rows_of(shards, group, options.outputs), 7, options);
      EXPECT_EQ(found[group].metrics, expected.metrics) << group;
      EXPECT_EQ(found[group].curves, expected.curves) << group;
    }
    EXPECT_EQ(found.back().metrics.at("rows"), 0);
  }
}

TEST(Groups, LargeOnesStayWhereTheirRowsAre) {
  CounterRandom random(2);
  std::vector<ScoredShard> shards;
  for (std::uint32_t i = 0; i < 4; ++i) {
    shards.push_back({i, {}, {}});
    for (int row = 0; row < 300'000; ++row) {
      shards.back().predictions.push_back(random.below(1000) < 500 ? 0.25F : 0.75F);
      shards.back().targets.push_back(static_cast<float>(random.below(2)));
    }
  }
  const auto mine = of_this_rank(shards);
  RowGroups groups;
  for (const ScoredShard& shard : mine) groups.emplace_back(shard.targets.size(), std::uint8_t{1});
  const auto found = evaluate_groups(Communicator::world(), mine, 4, kBinary, groups, 2);
  EXPECT_EQ(found[0].metrics.at("rows"), 0);
  EXPECT_EQ(found[1].metrics, evaluate(Communicator::world(), mine, 4, kBinary).metrics);
  EXPECT_EQ(found[1].metrics.at("rows"), 1'200'000);
}

}  // namespace
}  // namespace millrace
