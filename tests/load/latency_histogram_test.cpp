#include "load/latency_histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace millrace::load {
namespace {

// From nanoseconds to hours, each magnitude as likely.
std::vector<std::uint64_t> samples(std::size_t count, std::uint64_t seed) {
  CounterRandom random(seed);
  std::vector<std::uint64_t> values(count);
  for (auto& value : values) value = static_cast<std::uint64_t>(std::exp2(43 * random.uniform()));
  return values;
}

LatencyHistogram histogram_of(const std::vector<std::uint64_t>& values) {
  LatencyHistogram histogram;
  for (const std::uint64_t value : values) histogram.add(value);
  return histogram;
}

TEST(LatencyHistogram, QuantilesAreAtMostA128thAboveTheExactOnes) {
  for (const std::size_t count : {1, 2, 3, 100, 9999}) {
    std::vector<std::uint64_t> values = samples(count, count);
    const LatencyHistogram histogram = histogram_of(values);
    std::ranges::sort(values);
    for (const double q : {1e-9, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(count)));
      const std::uint64_t exact = values[std::max<std::size_t>(rank, 1) - 1];
      EXPECT_GE(histogram.quantile(q), exact) << count << " " << q;
      EXPECT_LE(histogram.quantile(q), exact + exact / 128) << count << " " << q;
    }
    EXPECT_EQ(histogram.count(), count);
    EXPECT_EQ(histogram.max(), values.back());
  }
}

TEST(LatencyHistogram, EachPowerOfTwoAndItsNeighbours) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t value :
         {(std::uint64_t{1} << bit) - 1, std::uint64_t{1} << bit, (std::uint64_t{1} << bit) + 1}) {
      LatencyHistogram histogram;
      histogram.add(value);
      histogram.add(std::numeric_limits<std::uint64_t>::max());
      EXPECT_GE(histogram.quantile(0.5), value);
      EXPECT_LE(histogram.quantile(0.5) - value, value / 128);
      EXPECT_EQ(histogram.quantile(1), std::numeric_limits<std::uint64_t>::max());
    }
  }
}

TEST(LatencyHistogram, MergingIsCountingTogether) {
  const auto first = samples(1000, 1);
  const auto second = samples(77, 2);
  auto all = first;
  all.insert(all.end(), second.begin(), second.end());
  LatencyHistogram merged = histogram_of(first);
  merged.merge(histogram_of(second));
  merged.merge(LatencyHistogram{});
  const LatencyHistogram whole = histogram_of(all);
  for (int i = 1; i <= 1000; ++i) EXPECT_EQ(merged.quantile(i / 1000.0), whole.quantile(i / 1000.0));
  EXPECT_EQ(merged.count(), whole.count());
  EXPECT_EQ(merged.max(), whole.max());
  EXPECT_NEAR(merged.mean(), whole.mean(), 1e-12 * whole.mean());
}

TEST(LatencyHistogram, OfNothingIsNothing) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), 0U);
  EXPECT_EQ(histogram.max(), 0U);
  EXPECT_EQ(histogram.mean(), 0);
}

}  // namespace
}  // namespace millrace::load
