#include "deployment/figures.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(SurelyAtLeast, IsBelowTheShareAndNearsItWithMoreEvidence) {
  for (const std::uint64_t part : {1, 3, 9, 10}) {
    double before = 0;
    for (std::uint64_t times = 1; times <= 1'000'000; times *= 10) {
      const double bound = surely_at_least(part * times, 10 * times);
      EXPECT_LT(bound, share_of(part, 10));
      EXPECT_GT(bound, before);
      before = bound;
    }
    EXPECT_NEAR(before, share_of(part, 10), 0.001);
  }
  EXPECT_EQ(surely_at_least(0, 100), 0);
  EXPECT_EQ(surely_at_least(0, 0), 0);
}

// What the early failure rests on: a share of 1 % seldom looks like more than that.
TEST(SurelyAtLeast, HoldsInAtLeast99Of100Samples) {
  std::mt19937_64 random(1);
  for (const double share : {0.01, 0.1, 0.5}) {
    int wrong = 0;
    for (int sample = 0; sample < 2000; ++sample) {
      const auto part = std::binomial_distribution<std::uint64_t>(300, share)(random);
      wrong += surely_at_least(part, 300) > share ? 1 : 0;
    }
    EXPECT_LE(wrong, 20) << share;
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
