#include "drift/column_counter.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "drift/comparison_tests.hpp"
#include "drift/distributions.hpp"

namespace millrace {
namespace {

Column reals(const std::vector<double>& values, std::size_t missing = 0) {
  Column column(ColumnType::kReal);
  for (const double value : values) column.append_real(value);
  for (std::size_t i = 0; i < missing; ++i) column.append_missing();
  return column;
}

Column texts(const std::vector<std::string>& values) {
  Column column(ColumnType::kText);
  TextAppender appender(column);
  for (const std::string& value : values) appender.append(value);
  return column;
}

Json counted(const ColumnCounter& counter) {
  return counter.distribution();
}

TEST(ColumnCounter, CountsRowsMissingOnesAndValues) {
  ColumnCounter counter(numbers_column({1, 2, 3}), 100);
  counter.add(reals({2, 2, -0.0, 0.0}, 3));
  const ColumnDistribution column = counter.distribution();
  EXPECT_EQ(column.rows, 7U);
  EXPECT_EQ(column.missing, 3U);
  EXPECT_EQ(column.numbers.points, (std::vector<double>{0, 2}));
  EXPECT_EQ(column.numbers.at, (std::vector<std::uint64_t>{2, 2}));
}

TEST(ColumnCounter, WhatIsNotFiniteIsMissing) {
  ColumnCounter counter(numbers_column({1}), 100);
  counter.add(reals({1, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}));
  EXPECT_EQ(counter.distribution().missing, 2U);
}

TEST(ColumnCounter, TakesTheRowsThatAreKept) {
  ColumnCounter counter(levels_column({{"a", 1}}), 100);
  counter.add(texts({"a", "b", "a", "c"}), {1, 0, 1, 0});
  const ColumnDistribution column = counter.distribution();
  EXPECT_EQ(column.rows, 2U);
  EXPECT_EQ(column.levels.rows, (std::map<std::string, std::uint64_t>{{"a", 2}}));
}

// Whatever the limit, and however rows are divided and in which order they are merged, also as other ranks'.
TEST(ColumnCounter, DoesNotDependOnHowRowsAreDivided) {
  const std::vector<double> values = drawn(3000, 1);
  for (const std::size_t limit : {0, 100, 1500, 100000}) {
    const ColumnDistribution reference = numbers_column(drawn(500, 2));
    ColumnCounter whole(reference, limit);
    whole.add(reals(values, 5));
    for (const std::size_t parts : {2, 7}) {
      ColumnCounter merged(reference, limit);
      ColumnCounter received(reference, limit);
      for (std::size_t part = parts; part-- > 0;) {
        std::vector<double> mine;
        for (std::size_t i = part; i < values.size(); i += parts) mine.push_back(values[i]);
        ColumnCounter counter(reference, limit);
        counter.add(reals(mine, part == 0 ? 5 : 0));
        merged.merge(counter);
        received.merge_state(Json::from_cbor(Json::to_cbor(counter.state())));
      }
      EXPECT_EQ(counted(merged), counted(whole)) << limit << ' ' << parts;
      EXPECT_EQ(counted(received), counted(whole)) << limit << ' ' << parts;
    }
  }
}

TEST(ColumnCounter, LevelsBeyondTheLimitAreCountedTogether) {
  const ColumnDistribution reference = levels_column({{"a", 3}, {"b", 1}});
  for (const bool reverse : {false, true}) {
    std::vector<std::string> values{"a", "x0", "x1", "b", "x2", "x3", "a"};
    if (reverse) std::ranges::reverse(values);
    ColumnCounter merged(reference, 4);
    for (std::size_t first = 0; first < values.size(); first += 2) {
      ColumnCounter counter(reference, 4);
      counter.add(texts({values.begin() + static_cast<std::ptrdiff_t>(first),
                         values.begin() + static_cast<std::ptrdiff_t>(std::min(first + 2, values.size()))}));
      merged.merge(counter);
    }
    const LevelDistribution levels = merged.distribution().levels;
    EXPECT_EQ(levels.rows, (std::map<std::string, std::uint64_t>{{"a", 2}, {"b", 1}}));
    EXPECT_EQ(levels.other, 4U);
  }
}

// In a grid of the reference's own values the distance of Kolmogorov and Smirnov stays exact: it is reached
// beside one of them.
TEST(ColumnCounter, TheGridKeepsRowsAndExtremes) {
  const ColumnDistribution reference = numbers_column(drawn(800, 3));
  std::vector<double> values = drawn(5000, 4);
  values.push_back(1e9);
  values.push_back(-40);
  ColumnCounter counter(reference, 0);
  counter.add(reals(values));
  const NumberDistribution grid = counter.distribution().numbers;
  EXPECT_FALSE(grid.exact());
  EXPECT_EQ(grid.rows(), 5002U);
  EXPECT_EQ(grid.points.front(), -40);
  EXPECT_EQ(grid.points.back(), 1e9);
  EXPECT_NEAR(ks_distance(reference.numbers, grid), ks_distance(reference.numbers, distribution_of(values)),
              1e-12);
}

TEST(ColumnCounter, OneValueOffTheGrid) {
  ColumnCounter counter(numbers_column({1, 2}), 0);
  counter.add(reals({1.5, 1.5, 1.5}));
  const NumberDistribution numbers = counter.distribution().numbers;
  EXPECT_EQ(numbers.points, std::vector<double>{1.5});
  EXPECT_EQ(numbers.rows(), 3U);
}

TEST(ColumnCounter, NothingCountedIsNoPoint) {
  for (const std::size_t limit : {0, 10}) {
    ColumnCounter counter(numbers_column({}), limit);
    EXPECT_TRUE(counter.distribution().numbers.points.empty());
  }
}

TEST(ColumnDistribution, RoundTrips) {
  ColumnCounter counter(numbers_column(drawn(50, 5)), 0);
  counter.add(reals(drawn(500, 6), 2));
  for (const ColumnDistribution& column :
       {counter.distribution(), levels_column({{"ä", 2}, {"", 1}}, 4), numbers_column({})}) {
    const Json json = column;
    EXPECT_EQ(Json(Json::parse(json.dump()).get<ColumnDistribution>()), json);
  }
}

}  // namespace
}  // namespace millrace
