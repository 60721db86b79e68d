#include "drift/bins.hpp"

#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "drift/distributions.hpp"

namespace millrace {
namespace {

std::vector<double> numbered(int count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), 0);
  return values;
}

double sum_of(const std::vector<double>& rows) {
  return std::accumulate(rows.begin(), rows.end(), 0.0);
}

TEST(Bins, TenthsOfTheReferenceHoldATenthEach) {
  const CommonBins bins = common_bins(numbers_column(numbered(1000)), numbers_column(numbered(400)), {});
  ASSERT_EQ(bins.edges.size(), 9U);
  for (const double rows : bins.rows.reference) EXPECT_NEAR(rows, 100, 1.01);
  EXPECT_EQ(sum_of(bins.rows.current), 400);
  EXPECT_EQ(bins.labels.size(), 10U);
}

TEST(Bins, EdgesDoNotMoveWithTheCurrentRows) {
  const ColumnDistribution reference = numbers_column(numbered(1000));
  for (const char* rule : {"quantile10", "sturges"}) {
    const CommonBins near = common_bins(reference, numbers_column(numbered(10)), {rule, {}});
    const CommonBins far = common_bins(reference, numbers_column({-1e6, 1e6}), {rule, {}});
    EXPECT_EQ(near.edges, far.edges) << rule;
    EXPECT_EQ(sum_of(far.rows.current), 2) << rule;
  }
}

TEST(Bins, FewValuesAreBinsOfTheirOwnAndOthersShareOne) {
  const CommonBins bins = common_bins(numbers_column({1, 1, 2, 3}), numbers_column({1, 2.5, 9}), {});
  EXPECT_EQ(bins.rows.reference, (std::vector<double>{2, 1, 1, 0}));
  EXPECT_EQ(bins.rows.current, (std::vector<double>{1, 0, 0, 2}));
  EXPECT_TRUE(bins.edges.empty());
}

TEST(Bins, RareAndNewLevelsShareABin) {
  const ColumnDistribution reference = levels_column({{"a", 900}, {"b", 99}, {"rare", 1}});
  const CommonBins bins = common_bins(reference, levels_column({{"a", 5}, {"new", 2}, {"rare", 1}}), {});
  EXPECT_EQ(bins.labels, (std::vector<std::string>{"a", "b", "other"}));
  EXPECT_EQ(bins.rows.reference, (std::vector<double>{900, 99, 1}));
  EXPECT_EQ(bins.rows.current, (std::vector<double>{5, 0, 3}));
}

TEST(Bins, GivenEdges) {
  const CommonBins bins =
      common_bins(numbers_column(numbered(100)), numbers_column({0, 50, 50, 99}), {"quantile10", {50}});
  EXPECT_EQ(bins.rows.reference, (std::vector<double>{50, 50}));
  EXPECT_EQ(bins.rows.current, (std::vector<double>{1, 3}));
}

// numpy: histogram_bin_edges(range(100) + range(50, 200), bins="sturges") has 10 bins of 19.9.
TEST(Bins, AsEvidentlyTheyCoverBoth) {
  std::vector<double> later = numbered(200);
  later.erase(later.begin(), later.begin() + 50);
  const CommonBins bins =
      common_bins(numbers_column(numbered(100)), numbers_column(later), {"evidently", {}});
  ASSERT_EQ(bins.edges.size(), 8U);
  EXPECT_NEAR(bins.edges.front(), 199.0 / 9, 1e-12);
  EXPECT_EQ(sum_of(bins.rows.reference), 100);
  EXPECT_EQ(sum_of(bins.rows.current), 150);
}

TEST(Bins, IntegersHaveWidthsOfOneAtLeast) {
  std::vector<double> values;
  for (int i = 0; i < 300; ++i) values.push_back(i % 25);
  const ColumnDistribution integers = numbers_column(values, 0, ColumnType::kInteger);
  EXPECT_EQ(distinct_value_bins(integers, integers).rows.reference.size(), 6U);
  std::vector<double> many;
  for (int i = 0; i < 100000; ++i) many.push_back(i % 5);
  const ColumnDistribution five = numbers_column(many, 0, ColumnType::kInteger);
  EXPECT_LE(distinct_value_bins(five, five).rows.reference.size(), 4U);
}

TEST(Bins, OneValueInBoth) {
  const ColumnDistribution same = numbers_column({7, 7, 7});
  for (const char* rule : {"quantile10", "sturges", "evidently"})
    EXPECT_EQ(common_bins(same, same, {rule, {}}).rows.reference, (std::vector<double>{3})) << rule;
}

}  // namespace
}  // namespace millrace
