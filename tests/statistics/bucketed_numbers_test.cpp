#include "statistics/bucketed_numbers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "statistics/quantiles.hpp"

namespace millrace {
namespace {

std::vector<double> numbers_of_a_kind(std::uint64_t seed, std::size_t count) {
  CounterRandom random(derive_key({seed, 8}));
  std::vector<double> numbers(count);
  for (double& number : numbers) {
    switch (seed % 6) {
      case 0:
        number = random.normal();
        break;
      case 1:
        number = 1e15 + static_cast<double>(random.below(1000000));
        break;
      case 2:
        number = random.below(2) == 0 ? -0.0 : random.normal();
        break;  // half of them tied
      case 3:
        number = std::bit_cast<double>(random.next_u64());
        break;
      case 4:
        number = static_cast<double>(random.below(7));
        break;
      default:
        number = 4;
    }
    if (!std::isfinite(number)) number = -1.7976931348623157e308;
  }
  return numbers;
}

CountedNumbers counted(std::vector<double> numbers) {
  CountedNumbers counted;
  std::ranges::sort(numbers);
  for (const double number : numbers) {
    if (counted.empty() || counted.back().first != number) counted.emplace_back(number + 0.0, 0);
    ++counted.back().second;
  }
  return counted;
}

// The passes, with as few buckets as make several of them.
struct Refined {
  std::size_t passes = 0;
  std::size_t looked_at = 0;
  CountedNumbers numbers;
};
Refined refined(const std::vector<double>& values, const EqualBins& bins, std::span<const double> shares) {
  BucketCounts counts(16, 40);
  for (const double value : values) counts.add(order_key(value));
  BucketedNumbers numbers(counts, bins, shares);
  Refined result;
  for (KeyRanges needed = numbers.needed(); !needed.empty(); needed = numbers.needed()) {
    EXPECT_TRUE(numbers.needed(3).cover(needed));
    BucketCounts finer(64, 64);
    for (const double value : values) {
      if (!needed.contains(order_key(value))) continue;
      finer.add(order_key(value));
      ++result.looked_at;
    }
    numbers.refine(needed, finer);
    if (++result.passes > 64) break;
  }
  EXPECT_EQ(numbers.present(), values.size());
  result.numbers = numbers.numbers();
  return result;
}

TEST(BucketedNumbers, GiveTheQuantilesAndHistogramOfAllNumbers) {
  const std::vector<double> shares{0, 0.01, 0.25, 0.5, 0.5, 0.99, 1};
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::vector<double> values = numbers_of_a_kind(seed, 1 + 37 * seed);
    const CountedNumbers all = counted(values);
    const EqualBins bins{all.front().first, all.back().first, 4};
    const Refined found = refined(values, bins, shares);
    EXPECT_LE(found.passes, 64U);
    EXPECT_EQ(quantiles_of(found.numbers, shares), quantiles_of(all, shares)) << seed;
    EXPECT_EQ(histogram_of(found.numbers, bins), histogram_of(all, bins)) << seed;
  }
}

TEST(BucketedNumbers, LookAtNoMoreThanTheBucketsThatMatter) {
  const std::vector<double> values = numbers_of_a_kind(0, 5000);
  const CountedNumbers all = counted(values);
  const std::vector<double> ends{0, 1};
  EXPECT_EQ(refined(values, {all.front().first, all.back().first, 1}, ends).passes, 0U);
  const std::vector<double> median{0.5};
  const Refined found = refined(values, {all.front().first, all.back().first, 1}, median);
  EXPECT_GE(found.passes, 1U);
  EXPECT_LT(found.looked_at, 5000U);
}

TEST(BucketedNumbers, RefuseOtherCountsThanTheirs) {
  BucketCounts counts(2, 40);
  for (const double value : {1.0, 2.0, 3.0, 4.0, 5.0}) counts.add(order_key(value));
  const std::vector<double> median{0.5};
  BucketedNumbers numbers(counts, {1, 5, 3}, median);
  EXPECT_THROW(numbers.refine(numbers.needed(), BucketCounts()), Error);
  EXPECT_THROW(BucketedNumbers(BucketCounts(), {0, 0, 1}, median), Error);
}

TEST(EqualBins, NeverPutALargerValueLower) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    std::vector<double> values = numbers_of_a_kind(seed, 200);
    std::ranges::sort(values);
    const EqualBins bins{values.front(), values.back(), 30};
    std::size_t before = 0;
    for (const double value : values) {
      EXPECT_GE(bins.of(value), before);
      before = bins.of(value);
      EXPECT_LT(before, bins.count);
    }
  }
}

}  // namespace
}  // namespace millrace
