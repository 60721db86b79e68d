#include "versions/distribution_change.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "versions/profiles.hpp"

namespace millrace {
namespace {

using testing_support::profile_of_numbers;
using testing_support::profile_of_texts;

std::vector<double> normal(std::uint64_t seed, std::size_t rows, double mean) {
  CounterRandom random(derive_key({seed}));
  std::vector<double> values;
  for (std::size_t i = 0; i < rows; ++i) values.push_back(mean + random.normal());
  return values;
}

double psi_of(const ColumnProfile& before, const ColumnProfile& after, ColumnType type = ColumnType::kReal) {
  return column_change({"x", type}, before, after)["psi"];
}

TEST(StabilityIndex, IsJeffreysDivergenceOfTheShares) {
  const std::vector<double> before{30, 70};
  const std::vector<double> after{500, 500};
  const double p = 30.5 / 101;
  const double q = 500.5 / 1001;
  const double expected = (q - p) * std::log(q / p) + (p - q) * std::log((1 - q) / (1 - p));
  EXPECT_NEAR(stability_index(before, after), expected, 1e-15);
  EXPECT_EQ(stability_index(before, before), 0);
  EXPECT_EQ(stability_index(before, std::vector<double>{0, 0}), 0);
  EXPECT_TRUE(std::isfinite(stability_index(std::vector<double>{9, 0}, std::vector<double>{0, 9})));
}

TEST(StabilityIndex, GrowsWithTheShiftWhetherCountedOrProfiled) {
  // More distinct values than are counted, and fewer.
  for (const std::size_t rows : {std::size_t{100000}, std::size_t{5000}}) {
    const ColumnProfile before = profile_of_numbers(normal(1, rows, 0));
    EXPECT_EQ(before.statistics.distinct.exact(), rows == 5000);
    const double chance = psi_of(before, profile_of_numbers(normal(2, rows, 0)));
    const double small = psi_of(before, profile_of_numbers(normal(3, rows, 0.3)));
    const double large = psi_of(before, profile_of_numbers(normal(4, rows, 1)));
    EXPECT_LT(chance, 0.01) << rows;
    EXPECT_GT(small, 0.05) << rows;
    EXPECT_GT(large, 0.5) << rows;
    EXPECT_EQ(psi_of(before, before), 0);
  }
}

// Jeffreys' divergence of two normal distributions of deviation 1 is the square of the shift; bins can only
// lose of it, and chance adds about 2 sqrt(2 × 0.25 / 50000) = 0.006, of which five are allowed.
TEST(StabilityIndex, OfAShiftedNormalDistributionIsBoundedByItsDivergence) {
  const double psi =
      psi_of(profile_of_numbers(normal(5, 50000, 0)), profile_of_numbers(normal(6, 50000, 0.5)));
  EXPECT_LT(psi, 0.25 + 5 * 0.006);
  EXPECT_GT(psi, 0.15);
}

TEST(Cumulative, IsExactForCountedValues) {
  const Cumulative values(profile_of_numbers({1, 2, 2, 5}));
  EXPECT_EQ(values.up_to(0.9), 0);
  EXPECT_EQ(values.up_to(1), 0.25);
  EXPECT_EQ(values.up_to(2), 0.75);
  EXPECT_EQ(values.up_to(4.9), 0.75);
  EXPECT_EQ(values.up_to(5), 1);
}

TEST(ColumnChange, NamesNewAndVanishedLevels) {
  const Json change = column_change({"plan", ColumnType::kText}, profile_of_texts({"a", "a", "b", ""}),
                                    profile_of_texts({"a", "c", "c", "d"}));
  EXPECT_EQ(change["new_levels"]["count"], 2);
  EXPECT_EQ(change["new_levels"]["rows"], 3);
  EXPECT_EQ(change["new_levels"]["examples"], Json::parse(R"([["c", 2], ["d", 1]])"));
  EXPECT_EQ(change["vanished_levels"]["examples"], Json::parse(R"([["b", 1]])"));
  EXPECT_EQ(change["missing"], Json::parse("[0.25, 0.0]"));
  EXPECT_GT(change["psi"], 0.25);
}

TEST(ColumnChange, SaysWhatItDoesNotKnow) {
  const Json change =
      column_change({"x", ColumnType::kReal}, profile_of_numbers({}), profile_of_numbers({1, 2}));
  EXPECT_TRUE(change["psi"].is_null());
  EXPECT_FALSE(change.contains("mean"));
}

TEST(ColumnChange, PutsNumbersSideBySide) {
  const Json change =
      column_change({"x", ColumnType::kReal}, profile_of_numbers({1, 2, 3}), profile_of_numbers({2, 4}));
  EXPECT_EQ(change["mean"], Json::parse("[2.0, 3.0]"));
  EXPECT_EQ(change["min"], Json::parse("[1.0, 2.0]"));
  EXPECT_EQ(change["quantiles"]["1"], Json::parse("[3.0, 4.0]"));
}

}  // namespace
}  // namespace millrace
