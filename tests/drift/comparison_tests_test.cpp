#include "drift/comparison_tests.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "drift/distributions.hpp"

namespace millrace {
namespace {

std::vector<double> some_numbers(std::size_t count, double shift, unsigned seed) {
  std::vector<double> values = drawn(count, seed, shift);
  for (double& value : values) value = std::round(100 * value) / 100;
  return values;
}

TEST(ComparisonTests, OfEqualBinsAreZero) {
  const BinnedRows rows{{10, 20, 0, 70}, {1, 2, 0, 7}};
  EXPECT_NEAR(population_stability_index(rows), 0, 1e-15);
  EXPECT_NEAR(jensen_shannon_distance(rows), 0, 1e-9);
  EXPECT_NEAR(hellinger_distance(rows), 0, 1e-7);
}

TEST(ComparisonTests, IndexIsByItsFormula) {
  EXPECT_NEAR(population_stability_index({{50, 50}, {30, 10}}),
              (0.5 - 0.75) * std::log(0.5 / 0.75) + (0.5 - 0.25) * std::log(0.5 / 0.25), 1e-15);
}

TEST(ComparisonTests, AnEmptyBinCountsAsATenthOfAThousandth) {
  EXPECT_NEAR(population_stability_index({{50, 50}, {100, 0}}),
              (0.5 - 1) * std::log(0.5) + (0.5 - 0.0001) * std::log(0.5 / 0.0001), 1e-12);
}

TEST(ComparisonTests, DisjointDistributionsAreAsFarApartAsCanBe) {
  const BinnedRows rows{{5, 0}, {0, 3}};
  EXPECT_NEAR(jensen_shannon_distance(rows), std::sqrt(std::log(2)), 1e-12);
  EXPECT_NEAR(hellinger_distance(rows), 1, 1e-12);
}

TEST(ComparisonTests, ChiSquareOfOneDegreeOfFreedom) {
  // (60 − 50)² / 50 + (40 − 50)² / 50 = 4: p = erfc(√2).
  EXPECT_NEAR(chi_square_p({{500, 500}, {60, 40}}), std::erfc(std::sqrt(2.0)), 1e-12);
  EXPECT_EQ(chi_square_p({{500, 0}, {60, 1}}), 0);
}

TEST(ComparisonTests, TwoProportions) {
  const double pooled = (30.0 + 50) / 200;
  const double z = 0.2 / std::sqrt(pooled * (1 - pooled) * (0.01 + 0.01));
  EXPECT_NEAR(two_proportions_p({{70, 30}, {50, 50}}), std::erfc(z / std::sqrt(2.0)), 1e-12);
  EXPECT_EQ(two_proportions_p({{70, 0}, {50, 0}}), 1);
}

TEST(ComparisonTests, WassersteinOfAShiftIsTheShift) {
  const std::vector<double> values = some_numbers(500, 0, 1);
  std::vector<double> shifted = values;
  for (double& value : shifted) value += 2.25;
  EXPECT_NEAR(wasserstein_distance(distribution_of(values), distribution_of(shifted)), 2.25, 1e-12);
  EXPECT_NEAR(wasserstein_distance(distribution_of(values), distribution_of(values)), 0, 1e-15);
}

// Of samples of one size it is the mean distance of their sorted values.
TEST(ComparisonTests, WassersteinIsTheMeanDistanceOfSortedValues) {
  std::vector<double> a = some_numbers(400, 0, 2);
  std::vector<double> b = some_numbers(400, 0.7, 3);
  const double distance = wasserstein_distance(distribution_of(a), distribution_of(b));
  std::ranges::sort(a);
  std::ranges::sort(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  EXPECT_NEAR(distance, sum / 400, 1e-12);
}

TEST(ComparisonTests, KsDistanceIsThatOfTheDefinition) {
  const std::vector<double> a = some_numbers(300, 0, 4);
  const std::vector<double> b = some_numbers(200, 0.4, 5);
  double largest = 0;
  for (const double x : all_points(distribution_of(a), distribution_of(b))) {
    const auto share = [&](const std::vector<double>& values) {
      return static_cast<double>(std::ranges::count_if(values, [&](double v) { return v <= x; })) /
             static_cast<double>(values.size());
    };
    largest = std::max(largest, std::abs(share(a) - share(b)));
  }
  EXPECT_NEAR(ks_distance(distribution_of(a), distribution_of(b)), largest, 1e-12);
}

// A grid's distances are off by no more than its gaps allow.
TEST(ComparisonTests, GridsAreNear) {
  const NumberDistribution a = distribution_of(some_numbers(30000, 0, 6));
  const NumberDistribution b = distribution_of(some_numbers(30000, 0.3, 7));
  const NumberDistribution small = compacted(a, 200);
  EXPECT_NEAR(ks_distance(small, b), ks_distance(a, b), 1.0 / 200 + 1e-9);
  EXPECT_NEAR(wasserstein_distance(small, b), wasserstein_distance(a, b), 0.02);
}

// The index of samples from one distribution exceeds the border as often as that says.
TEST(ComparisonTests, ChanceExceedsItsBorderAsOftenAsSaid) {
  std::mt19937_64 engine(8);
  std::discrete_distribution<std::size_t> bins({1, 2, 3, 2, 1, 1});
  int exceeded = 0;
  constexpr int kTrials = 2000;
  for (int trial = 0; trial < kTrials; ++trial) {
    BinnedRows rows{std::vector<double>(6), std::vector<double>(6)};
    for (int i = 0; i < 1500; ++i) rows.reference[bins(engine)] += 1;
    for (int i = 0; i < 700; ++i) rows.current[bins(engine)] += 1;
    exceeded += population_stability_index(rows) > stability_index_by_chance(6, 1500, 700, 0.05) ? 1 : 0;
  }
  EXPECT_NEAR(exceeded / static_cast<double>(kTrials), 0.05, 0.02);  // four standard errors
}

}  // namespace
}  // namespace millrace
