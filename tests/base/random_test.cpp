#include "base/random.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace millrace {
namespace {

using Block = std::array<std::uint32_t, 4>;

// The known answers that the authors publish for philox4x32-10.
TEST(Philox, GivesTheKnownAnswers) {
  EXPECT_EQ(philox(0, 0, 0), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox(~0ULL, ~0ULL, ~0ULL), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, FillsWithTheBlocksOfConsecutiveCounters) {
  for (const std::size_t size : {0U, 1U, 4U, 31U, 32U, 33U, 1001U}) {
    std::vector<std::uint32_t> words(size);
    philox_fill(7, 8, words);
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(words[i], philox(7, 8, i / 4)[i % 4]);
  }
}

TEST(CounterRandom, IsAFunctionOfItsKey) {
  CounterRandom a(derive_key({1, 2, 3}));
  CounterRandom b(derive_key({1, 2, 3}));
  CounterRandom other(derive_key({1, 3, 2}));
  int equal = 0;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t value = a.next_u64();
    EXPECT_EQ(value, b.next_u64());
    equal += value == other.next_u64() ? 1 : 0;
  }
  EXPECT_EQ(equal, 0);
  EXPECT_NE(derive_key({}), derive_key({0}));
}

TEST(CounterRandom, ReadsTheStreamInOrder) {
  CounterRandom random(9);
  for (std::uint64_t counter = 0; counter < 3; ++counter) {
    for (const std::uint32_t word : philox(9, 0, counter)) EXPECT_EQ(random.next_u32(), word);
  }
}

TEST(CounterRandom, UniformHasTheMomentsItShould) {
  CounterRandom random(1);
  constexpr int kSamples = 100'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kSamples; ++i) {
    const double value = random.uniform();
    ASSERT_TRUE(value >= 0 && value < 1);
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kSamples, 1.0 / 2, 5e-3);
  EXPECT_NEAR(squares / kSamples, 1.0 / 3, 5e-3);
}

TEST(CounterRandom, NormalHasTheMomentsItShould) {
  CounterRandom random(2);
  constexpr int kSamples = 100'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kSamples; ++i) {
    const double value = random.normal();
    ASSERT_TRUE(std::isfinite(value));
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kSamples, 0, 0.02);
  EXPECT_NEAR(squares / kSamples, 1, 0.03);
}

TEST(CounterRandom, BelowIsUniformAndBounded) {
  CounterRandom random(3);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts.at(random.below(6));
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_EQ(random.below(1), 0U);
  for (int i = 0; i < 100; ++i) EXPECT_LT(random.below((1ULL << 63U) + 1), (1ULL << 63U) + 1);
}

TEST(UnitIntervals, ExcludeOne) {
  EXPECT_LT(to_unit_float(~0U), 1.0F);
  EXPECT_LT(to_unit_double(~0ULL), 1.0);
  EXPECT_EQ(to_unit_float(0), 0.0F);
}

TEST(Shuffle, PermutesByItsKey) {
  for (const std::size_t n : {0U, 1U, 2U, 1000U}) {
    std::vector<std::uint32_t> values(n);
    std::iota(values.begin(), values.end(), 0U);
    auto shuffled = values;
    auto again = values;
    shuffle(shuffled, 5);
    shuffle(again, 5);
    EXPECT_EQ(shuffled, again);
    EXPECT_TRUE(n < 1000 || shuffled != values);
    std::ranges::sort(shuffled);
    EXPECT_EQ(shuffled, values);
  }
}

TEST(Shuffle, GivesEveryOrderAboutAsOften) {
  std::map<std::vector<std::uint32_t>, int> counts;
  for (std::uint64_t key = 0; key < 6000; ++key) {
    std::vector<std::uint32_t> values{0, 1, 2};
    shuffle(values, key);
    ++counts[values];
  }
  ASSERT_EQ(counts.size(), 6U);
  for (const auto& [order, count] : counts) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace millrace
