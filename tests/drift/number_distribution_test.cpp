#include "drift/number_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "drift/distributions.hpp"

namespace millrace {
namespace {

TEST(NumberDistribution, MomentsAreThoseOfTheValues) {
  const NumberDistribution numbers = distribution_of({1, 2, 2, 7});
  EXPECT_EQ(numbers.rows(), 4U);
  EXPECT_EQ(numbers.distinct(), 3U);
  EXPECT_DOUBLE_EQ(numbers.mean(), 3);
  EXPECT_DOUBLE_EQ(numbers.deviation(), std::sqrt((4 + 1 + 1 + 16) / 4.0));
}

TEST(NumberDistribution, CountsBelowAndUpTo) {
  const NumberDistribution numbers = distribution_of({1, 2, 2, 7});
  const CumulativeRows rows(numbers);
  EXPECT_EQ(rows.below(1), 0);
  EXPECT_EQ(rows.up_to(1), 1);
  EXPECT_EQ(rows.below(2), 1);
  EXPECT_EQ(rows.up_to(2), 3);
  EXPECT_EQ(rows.up_to(5), 3);
  EXPECT_EQ(rows.up_to(7), 4);
  EXPECT_EQ(rows.below(9), 4);
  EXPECT_EQ(rows.below(-1), 0);
}

TEST(NumberDistribution, QuantileIsTheLeastNumberThatTheShareDoesNotExceed) {
  std::vector<double> values = drawn(1001, 1, 3, 2);
  const NumberDistribution numbers = distribution_of(values);
  const CumulativeRows rows(numbers);
  std::ranges::sort(values);
  for (int i = 1; i <= 100; ++i) {
    const double q = i / 100.0;
    const auto rank = static_cast<std::size_t>(std::ceil(q * 1001)) - 1;
    EXPECT_EQ(rows.quantile(q), values[rank]) << q;
  }
}

TEST(NumberDistribution, CompactedKeepsAllRowsAndMovesNoneFarInRank) {
  const NumberDistribution numbers = distribution_of(drawn(20000, 2, 3, 2));
  const NumberDistribution small = compacted(numbers, 1000);
  EXPECT_LE(small.points.size(), 1001U);
  EXPECT_EQ(small.rows(), numbers.rows());
  EXPECT_EQ(small.points.front(), numbers.points.front());
  EXPECT_EQ(small.points.back(), numbers.points.back());
  const CumulativeRows exact(numbers);
  const CumulativeRows rough(small);
  for (const double value : drawn(500, 3, 3, 2))
    EXPECT_NEAR(rough.below(value), exact.below(value), 20000 / 1000.0 + 1) << value;
  EXPECT_NEAR(small.deviation(), numbers.deviation(), 0.01 * numbers.deviation());
}

TEST(NumberDistribution, CompactedKeepsWhatIsSmall) {
  const NumberDistribution numbers = distribution_of({5, 1, 5, 3});
  EXPECT_TRUE(compacted(numbers, 1000).exact());
  EXPECT_EQ(compacted(numbers, 1000).at, numbers.at);
}

TEST(NumberDistribution, AHeavyValueIsOnePoint) {
  std::vector<double> values = drawn(5000, 4, 3, 2);
  values.insert(values.end(), 5000, 2.5);
  const NumberDistribution small = compacted(distribution_of(values), 100);
  const auto found = std::ranges::find(small.points, 2.5);
  ASSERT_NE(found, small.points.end());
  EXPECT_EQ(small.at[static_cast<std::size_t>(found - small.points.begin())], 5000U);
}

}  // namespace
}  // namespace millrace
