#include "statistics/moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace millrace {
namespace {

TEST(Moments, AreThoseOfLongDoublesForAnyNumberOfValues) {
  CounterRandom random(1);
  for (std::size_t size = 1; size <= 70; ++size) {
    std::vector<double> values;
    for (std::size_t i = 0; i < size; ++i) values.push_back(1e6 + static_cast<double>(random.below(1000)));
    long double mean = 0;
    for (const double value : values) mean += value / static_cast<long double>(size);
    long double m2 = 0;
    for (const double value : values) m2 += (value - mean) * (value - mean);
    const Moments moments = moments_of(values);
    EXPECT_EQ(moments.min, *std::ranges::min_element(values));
    EXPECT_EQ(moments.max, *std::ranges::max_element(values));
    EXPECT_DOUBLE_EQ(moments.mean, static_cast<double>(mean));
    EXPECT_NEAR(moments.m2, static_cast<double>(m2), 1e-9 * static_cast<double>(m2));
  }
}

TEST(Moments, CountZerosAndKnowNoneOfNoValues) {
  const std::vector<double> values{0, -0.0, 1, 0, -1};
  EXPECT_EQ(moments_of(values).zeros, 3U);
  EXPECT_EQ(moments_of({}).max, 0);
}

TEST(Moments, AreNoNaNsWhereSquaresAreBeyondADouble) {
  const double most = std::numeric_limits<double>::max();
  const Moments moments = moments_of(std::vector<double>{most, most, -most, most});
  EXPECT_TRUE(std::isfinite(moments.mean));
  EXPECT_TRUE(std::isinf(moments.m2));
}

}  // namespace
}  // namespace millrace
