#include "pipeline/column_profile.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "drift/column_distribution.hpp"
#include "statistics/quantiles.hpp"

namespace millrace {
namespace {

const Schema kSchema({{"number", ColumnType::kReal}, {"level", ColumnType::kText}});

// A third of the numbers are 0, some are missing; "level" has `levels` different texts.
DataShard shard_of(std::size_t index, std::size_t rows, std::size_t levels) {
  CounterRandom random(derive_key({5, index}));
  DataShard shard{make_table(kSchema), {}};
  TextAppender texts(shard.table.columns[1]);
  for (std::size_t row = 0; row < rows; ++row) {
    Column& number = shard.table.columns[0];
    if (random.below(50) == 0) {
      number.append_missing();
    } else {
      number.append_real(random.below(3) == 0 ? 0 : random.normal());
    }
    texts.append("v" + std::to_string(std::min(random.below(levels), random.below(levels))));
  }
  return shard;
}

struct Case {
  std::size_t rows;  // of each shard
  std::size_t levels;
};

class ProfiledColumns : public ::testing::TestWithParam<Case> {
 protected:
  static constexpr std::size_t kShards = 3;
  [[nodiscard]] ColumnProfiles profiles(const Communicator& comm) const {
    return profile_columns(comm, kShards, kSchema, [](std::size_t shard) {
      return shard_of(shard, GetParam().rows, GetParam().levels);
    });
  }
  [[nodiscard]] Json profile(const Communicator& comm) const { return profiles(comm).columns; }
  [[nodiscard]] std::vector<double> sorted_numbers() const {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < kShards; ++i) {
      const DataShard shard = shard_of(i, GetParam().rows, GetParam().levels);
      const Column& column = shard.table.columns[0];
      for (std::size_t row = 0; row < column.size(); ++row) {
        if (column.is_valid(row)) numbers.push_back(column.reals[row]);
      }
    }
    std::ranges::sort(numbers);
    return numbers;
  }
};

TEST_P(ProfiledColumns, HoldExactQuantilesAndCounts) {
  const Json number = profile(Communicator::world())[0];
  const auto sorted = sorted_numbers();
  EXPECT_EQ(number["missing"], kShards * GetParam().rows - sorted.size());
  for (std::size_t i = 0; i <= kProfileBins; ++i) {
    const auto at = quantile_position(static_cast<double>(i) / kProfileBins, sorted.size());
    EXPECT_DOUBLE_EQ(number["quantiles"][i].get<double>(),
                     (1 - at.weight) * sorted[at.low] + at.weight * sorted[at.high]);
  }
  const auto edges = number["bins"]["edges"].get<std::vector<double>>();
  const auto rows = number["bins"]["rows"].get<std::vector<std::uint64_t>>();
  ASSERT_EQ(rows.size() + 1, edges.size());
  EXPECT_LT(edges.size(), kProfileBins) << "a third of the numbers are one edge";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto from = std::ranges::lower_bound(sorted, edges[i]);
    const auto to = i + 1 == rows.size() ? sorted.end() : std::ranges::lower_bound(sorted, edges[i + 1]);
    EXPECT_EQ(rows[i], static_cast<std::uint64_t>(to - from)) << i;
  }
}

TEST_P(ProfiledColumns, CountTheMostFrequentLevels) {
  const Json level = profile(Communicator::world())[1];
  std::uint64_t sum = level["other"];
  std::uint64_t last = kShards * GetParam().rows;
  for (const Json& one : level["levels"]) {
    EXPECT_LE(one["rows"], last);
    last = one["rows"];
    sum += last;
  }
  EXPECT_EQ(level["levels"].size(), std::min(GetParam().levels, kProfileLevels));
  EXPECT_EQ(sum, kShards * GetParam().rows);
}

TEST_P(ProfiledColumns, DoNotDependOnTheNumberOfRanks) {
  const ColumnProfiles together = profiles(Communicator::world());
  const ColumnProfiles alone = profiles(Communicator::self());
  EXPECT_EQ(together.columns.dump(), alone.columns.dump());
  EXPECT_EQ(together.distributions.dump(), alone.distributions.dump());
}

// Of each point of the distribution, and of any number between two of them to within a gap.
TEST_P(ProfiledColumns, DistributionsCountRows) {
  const auto sorted = sorted_numbers();
  const auto number = profiles(Communicator::world()).distributions[0].get<ColumnDistribution>();
  EXPECT_EQ(number.rows, kShards * GetParam().rows);
  EXPECT_EQ(number.present(), sorted.size());
  EXPECT_EQ(number.numbers.rows(), sorted.size());
  EXPECT_LE(number.numbers.points.size(), std::max(kReferenceGaps + 1, sorted.size()));
  const CumulativeRows rows(number.numbers);
  for (const double point : number.numbers.points) {
    const auto below = std::ranges::lower_bound(sorted, point) - sorted.begin();
    const auto up_to = std::ranges::upper_bound(sorted, point) - sorted.begin();
    EXPECT_EQ(rows.below(point), static_cast<double>(below)) << point;
    EXPECT_EQ(rows.up_to(point), static_cast<double>(up_to)) << point;
  }
  for (const double between : {-1.5, -0.3, 0.01, 0.8, 2.2}) {
    const auto below = static_cast<double>(std::ranges::lower_bound(sorted, between) - sorted.begin());
    EXPECT_NEAR(rows.below(between), below, 0.005 * static_cast<double>(sorted.size())) << between;
  }
}

TEST_P(ProfiledColumns, DistributionsKeepLevels) {
  const auto level = profiles(Communicator::world()).distributions[1].get<ColumnDistribution>();
  EXPECT_EQ(level.levels.rows.size(), GetParam().levels);
  EXPECT_EQ(level.levels.total(), kShards * GetParam().rows);
  EXPECT_TRUE(level.exact());
}

// The second has more different numbers than are counted one by one.
INSTANTIATE_TEST_SUITE_P(Sizes, ProfiledColumns, ::testing::Values(Case{2'000, 5}, Case{45'000, 300}));

TEST(ProfiledColumns, OfNothingAndOfOneValue) {
  const auto profile = [](const DataShard& shard) {
    return profile_columns(Communicator::world(), 1, kSchema, [&](std::size_t) { return shard; }).columns;
  };
  const Json empty = profile({make_table(kSchema), {}});
  EXPECT_FALSE(empty[0].contains("bins"));
  EXPECT_EQ(empty[1]["levels"], Json::array());
  DataShard one{make_table(kSchema), {}};
  one.table.columns[0].append_real(4);
  one.table.columns[1].append_missing();
  const Json bins = profile(one)[0]["bins"];
  EXPECT_EQ(bins, (Json{{"edges", {4.0, 4.0}}, {"rows", {1}}}));
}

TEST(ProfiledColumns, OfTheLargestNumbersAreJsonAllTheSame) {
  DataShard shard{make_table(kSchema), {}};
  for (const double value : {-1.7e308, 0.0, 1.7e308}) {
    shard.table.columns[0].append_real(value);
    shard.table.columns[1].append_missing();
  }
  const ColumnProfiles profiles =
      profile_columns(Communicator::world(), 1, kSchema, [&](std::size_t) { return shard; });
  const Json& profile = profiles.columns;
  EXPECT_NO_THROW((void)canonical_json(profiles.distributions));
  EXPECT_NO_THROW((void)canonical_json(profile));
  EXPECT_EQ(profile[0]["deviation"], nullptr);
  EXPECT_EQ(profile[0]["bins"]["edges"].front(), -1.7e308);
}

}  // namespace
}  // namespace millrace
