#include "deployment/figures.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(IsSurelyAbove, IsTheBinomialTail) {
  EXPECT_FALSE(is_surely_above(2, 2, 0.0101));  // 0.0101² is more than 10^-4
  EXPECT_TRUE(is_surely_above(2, 2, 0.0099));
  EXPECT_TRUE(is_surely_above(3, 3, 0.04));
  EXPECT_FALSE(is_surely_above(3, 3, 0.05));
  EXPECT_FALSE(is_surely_above(0, 0, 0.1));
  EXPECT_FALSE(is_surely_above(5, 5, 1));
  EXPECT_TRUE(is_surely_above(1, 1'000'000, 0));
  EXPECT_TRUE(is_surely_above(11'000, 1'000'000, 0.01));   // 10 deviations
  EXPECT_FALSE(is_surely_above(10'300, 1'000'000, 0.01));  // 3 deviations
}

TEST(IsSurelyAbove, MoreOfTheSameKindNeverMakesItLess) {
  for (const std::uint64_t whole : {1, 10, 100, 5000}) {
    bool before = false;
    for (std::uint64_t part = 0; part <= whole; ++part) {
      const bool now = is_surely_above(part, whole, 0.02);
      EXPECT_TRUE(now || !before) << part << " of " << whole;
      before = now;
    }
    EXPECT_EQ(before, whole > 2);  // 0.02² is more than 10^-4, 0.02³ is less
  }
}

// What the early failure rests on: 300 looks at a share that is allowed seldom see more.
TEST(IsSurelyAbove, SeldomErrsThoughOneLooksAfterEachRequest) {
  std::mt19937_64 random(1);
  for (const double share : {0.01, 0.1, 0.5}) {
    int wrong = 0;
    for (int sample = 0; sample < 500; ++sample) {
      std::uint64_t part = 0;
      bool alarm = false;
      for (std::uint64_t whole = 1; whole <= 300; ++whole) {
        part += std::bernoulli_distribution(share)(random) ? 1 : 0;
        alarm = alarm || is_surely_above(part, whole, share);
      }
      wrong += alarm ? 1 : 0;
    }
    EXPECT_LE(wrong, 5) << share;  // 1 %
  }
}

TEST(QuantileAtMost, NeverUnderstatesAndIsExactAtBorders) {
  std::mt19937_64 random(2);
  const std::vector<double> borders{1, 2, 4, 8, 16};
  for (int round = 0; round < 200; ++round) {
    Histogram histogram{borders, std::vector<std::uint64_t>(6)};
    std::vector<double> values(1 + random() % 50);
    for (double& value : values) {
      value = std::exponential_distribution<>(0.3)(random);
      ++histogram
            .counts[static_cast<std::size_t>(std::ranges::lower_bound(borders, value) - borders.begin())];
    }
    std::ranges::sort(values);
    for (const double q : {0.01, 0.5, 0.99}) {
      const double exact =
          values[static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size()))) - 1];
      const double found = quantile_at_most(histogram, q);
      EXPECT_GE(found, exact);
      for (const double border : borders) EXPECT_EQ(found > border, exact > border);
    }
    for (const double border : borders) {
      EXPECT_EQ(count_surely_above(histogram, border), static_cast<std::uint64_t>(std::ranges::count_if(
                                                           values, [&](double v) { return v > border; })));
    }
  }
  EXPECT_EQ(quantile_at_most({}, 0.99), 0);
}

Histogram sample(std::mt19937_64& random, const std::vector<double>& weights, int count) {
  std::discrete_distribution<std::size_t> bins(weights.begin(), weights.end());
  Histogram histogram{{}, std::vector<std::uint64_t>(weights.size())};
  for (std::size_t i = 1; i < weights.size(); ++i) histogram.borders.push_back(static_cast<double>(i));
  for (int i = 0; i < count; ++i) ++histogram.counts[bins(random)];
  return histogram;
}

// The derivation in figures.hpp, held against draws: mean and deviation of the index where nothing drifts.
TEST(Drift, ByChanceItIsAsDerived) {
  std::mt19937_64 random(3);
  const std::vector<double> weights(10, 1);
  for (const auto& [n, m] : {std::pair{1000, 9000}, std::pair{2000, 2000}}) {
    double sum = 0;
    double squares = 0;
    Drift drift;
    constexpr int kSamples = 400;
    for (int i = 0; i < kSamples; ++i) {
      drift = drift_between(sample(random, weights, n), sample(random, weights, m));
      sum += drift.index;
      squares += drift.index * drift.index;
    }
    const double mean = sum / kSamples;
    EXPECT_NEAR(mean, drift.by_chance, 5 * drift.deviation / std::sqrt(kSamples));
    EXPECT_NEAR(std::sqrt(squares / kSamples - mean * mean), drift.deviation, 0.2 * drift.deviation);
  }
}

TEST(Drift, SmallSamplesOfOneDistributionSeldomLookLikeDrift) {
  std::mt19937_64 random(4);
  const std::vector<double> weights{1, 2, 5, 9, 12, 9, 5, 2, 1, 0.5};
  int alarms = 0;
  for (int i = 0; i < 500; ++i) {
    const Drift drift = drift_between(sample(random, weights, 100), sample(random, weights, 900));
    alarms += drift.excess() > 0.25 && drift.is_sure() ? 1 : 0;
  }
  EXPECT_LE(alarms, 2);
}

TEST(Drift, IsSymmetricAndZeroForWhatCannotBeCompared) {
  std::mt19937_64 random(5);
  const Histogram one = sample(random, {1, 2, 3}, 100);
  const Histogram other = sample(random, {3, 2, 1}, 300);
  EXPECT_DOUBLE_EQ(drift_between(one, other).index, drift_between(other, one).index);
  EXPECT_GT(drift_between(one, other).index, 0.25);
  EXPECT_EQ(drift_between(one, {}).index, 0);
  EXPECT_EQ(drift_between({}, {}).index, 0);
}

}  // namespace
}  // namespace millrace
