#include "validation/predictive_power.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "statistics/quantiles.hpp"

namespace millrace {
namespace {

constexpr std::size_t kRows = 4000;

template <class Make>
std::vector<Observation> rows_of(Make&& make, std::size_t rows = kRows) {
  CounterRandom random(7);
  std::vector<Observation> observations;
  for (std::size_t i = 0; i < rows; ++i) observations.push_back(make(random, i));
  return observations;
}

Observation number(double x, double target) {
  return {order_key(x), target};
}

TEST(PredictivePower, IsOneForACopyUnderOtherNames) {
  const auto codes = rows_of([](CounterRandom& random, std::size_t) {
    const std::uint64_t level = 1 + random.below(5);
    return Observation{level * 977, static_cast<double>(level)};
  });
  EXPECT_EQ(predictive_power(codes, KeyOrder::kNone, TargetKind::kClass), 1);
  EXPECT_EQ(predictive_power(codes, KeyOrder::kNone, TargetKind::kNumber), 1);
}

TEST(PredictivePower, IsNearOneForANumberThatTheTargetIsAFunctionOf) {
  const auto squares = rows_of([](CounterRandom& random, std::size_t) {
    const double x = random.normal();
    return number(x, x * x + x);
  });
  EXPECT_GT(predictive_power(squares, KeyOrder::kNumbers, TargetKind::kNumber), 0.98);
  const auto thresholds = rows_of([](CounterRandom& random, std::size_t) {
    const double x = random.uniform();
    return number(x, x < 0.3 ? 1 : 2);
  });
  EXPECT_GT(predictive_power(thresholds, KeyOrder::kNumbers, TargetKind::kClass), 0.98);
}

TEST(PredictivePower, IsNothingForIdentifiersAndForNoise) {
  const auto identifiers = rows_of([](CounterRandom& random, std::size_t i) {
    return Observation{i + 1, static_cast<double>(random.below(2))};
  });
  EXPECT_LT(predictive_power(identifiers, KeyOrder::kNone, TargetKind::kClass), 1e-9);
  EXPECT_LT(predictive_power(identifiers, KeyOrder::kNumbers, TargetKind::kClass), 0.05);
  const auto pairs = rows_of([](CounterRandom& random, std::size_t i) {
    return Observation{i / 2 + 1, random.normal()};
  });
  EXPECT_LT(predictive_power(pairs, KeyOrder::kNone, TargetKind::kNumber), 0.05);
}

// Two classes and two levels that agree in a share a of the rows: tau = (2a − 1)².
TEST(PredictivePower, IsGoodmanAndKruskalsTau) {
  for (const double agreement : {0.5, 0.75, 0.9}) {
    const auto rows = rows_of([&](CounterRandom& random, std::size_t) {
      const std::uint64_t level = random.below(2);
      const bool agrees = random.uniform() < agreement;
      return Observation{level + 1, static_cast<double>(agrees ? level : 1 - level)};
    });
    const double tau = (2 * agreement - 1) * (2 * agreement - 1);
    EXPECT_NEAR(predictive_power(rows, KeyOrder::kNone, TargetKind::kClass), tau, 4 / std::sqrt(kRows));
  }
}

TEST(PredictivePower, DoesNotDependOnTheOrderOfTheRows) {
  auto rows = rows_of([](CounterRandom& random, std::size_t) {
    const double x = std::floor(random.normal() * 20);
    return number(x, x + random.normal() * 10);
  });
  const double power = predictive_power(rows, KeyOrder::kNumbers, TargetKind::kNumber);
  EXPECT_GT(power, 0.5);
  EXPECT_LT(power, 0.98);
  std::ranges::reverse(rows);
  std::rotate(rows.begin(), rows.begin() + 1234, rows.end());
  EXPECT_EQ(predictive_power(rows, KeyOrder::kNumbers, TargetKind::kNumber), power);
}

TEST(PredictivePower, SeesThatValuesAreMissingWhereTheTargetIsSo) {
  const auto rows = rows_of([](CounterRandom& random, std::size_t i) {
    return i % 3 == 0 ? Observation{kMissingKey, 1} : number(random.normal(), 0);
  });
  EXPECT_EQ(predictive_power(rows, KeyOrder::kNumbers, TargetKind::kClass), 1);
}

TEST(PredictivePower, IsNothingWithoutVariation) {
  for (const std::size_t rows : {0, 1, 2, 100}) {
    const auto same = rows_of([](CounterRandom&, std::size_t i) { return Observation{i % 4 + 1, 5}; }, rows);
    EXPECT_EQ(predictive_power(same, KeyOrder::kNone, TargetKind::kNumber), 0);
    EXPECT_EQ(predictive_power(same, KeyOrder::kNumbers, TargetKind::kClass), 0);
  }
}

}  // namespace
}  // namespace millrace
