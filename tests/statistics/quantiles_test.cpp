#include "statistics/quantiles.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"

namespace millrace {
namespace {

std::vector<double> selected(const std::vector<double>& values, const std::vector<std::uint64_t>& ranks,
                             unsigned digit_bits) {
  QuantileSelection selection(ranks, digit_bits);
  while (!selection.done()) {
    selection.count(values);
    selection.refine();
  }
  return selection.result();
}

// By digits of either width alike.
std::vector<double> selected(const std::vector<double>& values, const std::vector<std::uint64_t>& ranks) {
  std::vector<double> found = selected(values, ranks, 16);
  EXPECT_EQ(found, selected(values, ranks, 8));
  return found;
}

std::vector<std::uint64_t> all_ranks(std::size_t n) {
  std::vector<std::uint64_t> ranks(n);
  std::iota(ranks.begin(), ranks.end(), std::uint64_t{0});
  return ranks;
}

// Values of every magnitude and kind, many of them equal.
double any_value(CounterRandom& random) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr std::array<double, 10> kSpecial{0.0,     -0.0,  1.0,       -1.0,       5e-324,
                                            -5e-324, 1e300, kInfinity, -kInfinity, 0x1.0000000000001p0};
  const std::uint64_t kind = random.below(3);
  if (kind == 0) return kSpecial.at(random.below(kSpecial.size()));
  if (kind == 1) return std::round(random.normal() * 3);
  const auto value = std::bit_cast<double>(random.next_u64());
  return std::isnan(value) ? 0.5 : value;
}

TEST(QuantileSelection, FindsWhatSortingFinds) {
  CounterRandom random(1);
  for (int trial = 0; trial < 25; ++trial) {
    std::vector<double> values(1 + random.below(40));
    for (double& value : values) value = any_value(random);
    std::vector<double> sorted = values;
    std::ranges::sort(sorted);
    ASSERT_EQ(selected(values, all_ranks(values.size())), sorted);  // −0 == 0 here, as it should
  }
}

TEST(QuantileSelection, OfOneValue) {
  for (const double value : {-0.0, 5e-324, -std::numeric_limits<double>::max(), 3.25}) {
    EXPECT_EQ(selected({value}, {0}), std::vector<double>{value});
  }
  EXPECT_FALSE(std::signbit(selected({-0.0}, {0})[0]));
}

TEST(QuantileSelection, KeepsTheOrderOfTheRanksAndTakesThemTwice) {
  EXPECT_EQ(selected({3, 1, 2}, {2, 0, 2, 1}), (std::vector<double>{3, 1, 3, 2}));
}

TEST(QuantileSelection, WithoutRanksIsDone) {
  QuantileSelection selection({});
  EXPECT_TRUE(selection.done());
  selection.count(1.0);
  selection.refine();
  EXPECT_TRUE(selection.counts().empty());
  EXPECT_TRUE(selection.result().empty());
}

// As ranks do it: each has its own selection over its own rows, and the counts are summed.
TEST(QuantileSelection, PartitionAndOrderDoNotMatter) {
  CounterRandom random(2);
  std::vector<double> values(5000);
  for (double& value : values) value = any_value(random);
  const std::vector<std::uint64_t> ranks{0, 1249, 1250, 2500, 4999};
  const auto expected = selected(values, ranks);
  for (const std::size_t parts : {1U, 2U, 3U, 7U}) {
    std::vector<QuantileSelection> selections(parts, QuantileSelection(ranks));
    std::vector<std::vector<double>> shards(parts + 1);  // the last one stays empty
    for (const double value : values) shards[random.below(parts)].push_back(value);
    while (!selections[0].done()) {
      std::vector<std::uint64_t> sum(selections[0].counts().size());
      for (std::size_t p = 0; p < parts; ++p) {
        for (auto value = shards[p].rbegin(); value != shards[p].rend(); ++value) selections[p].count(*value);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += selections[p].counts()[i];
      }
      for (QuantileSelection& selection : selections) {
        std::ranges::copy(sum, selection.counts().begin());
        selection.refine();
      }
    }
    for (const QuantileSelection& selection : selections) ASSERT_EQ(selection.result(), expected) << parts;
  }
}

TEST(QuantileSelection, RefusesRanksBeyondTheValuesAndEarlyResults) {
  EXPECT_THROW(selected({1, 2}, {2}), Error);
  EXPECT_THROW(selected({}, {0}), Error);
  EXPECT_THROW((void)QuantileSelection({0}).result(), Error);
}

TEST(QuantilePosition, InterpolatesLinearly) {
  const auto median = quantile_position(0.5, 4);
  EXPECT_EQ(median.low, 1U);
  EXPECT_EQ(median.high, 2U);
  EXPECT_EQ(median.weight, 0.5);
  EXPECT_EQ(quantile_position(0, 4).low, 0U);
  EXPECT_EQ(quantile_position(1, 4).low, 3U);
  EXPECT_EQ(quantile_position(1, 4).high, 3U);
  EXPECT_EQ(quantile_position(0.3, 1).high, 0U);
  EXPECT_THROW(quantile_position(0.5, 0), Error);
}

}  // namespace
}  // namespace millrace
