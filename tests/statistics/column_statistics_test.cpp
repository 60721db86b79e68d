#include "statistics/column_statistics.hpp"

#include <cmath>
#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace millrace {
namespace {

Column reals(const std::vector<double>& values) {
  Column column(ColumnType::kReal);
  for (const double value : values) {
    if (std::isnan(value)) {
      column.append_missing();
    } else {
      column.append_real(value);
    }
  }
  return column;
}

ColumnStatistics statistics_of(const Column& column, std::span<const std::uint8_t> keep = {}) {
  ColumnStatistics statistics(column.type);
  statistics.add(column, keep);
  return statistics;
}

std::string bytes_of(const ColumnStatistics& statistics) {
  return canonical_json(Json(statistics));
}

const double kMissing = std::numeric_limits<double>::quiet_NaN();

TEST(ColumnStatistics, OfNumbers) {
  const auto statistics = statistics_of(reals({3, kMissing, -1, 0, -0.0, 8}));
  EXPECT_EQ(statistics.rows, 6U);
  EXPECT_EQ(statistics.missing, 1U);
  EXPECT_EQ(statistics.present(), 5U);
  EXPECT_DOUBLE_EQ(statistics.missing_share(), 1.0 / 6);
  EXPECT_EQ(statistics.min, -1);
  EXPECT_EQ(statistics.max, 8);
  EXPECT_EQ(statistics.mean, 2);
  EXPECT_EQ(statistics.m2, 54);
  EXPECT_EQ(statistics.zeros, 2U);
  EXPECT_DOUBLE_EQ(statistics.standard_deviation(), std::sqrt(10.8));
  EXPECT_EQ(statistics.distinct.count(), 4U);
}

TEST(ColumnStatistics, OfTexts) {
  Column column(ColumnType::kText);
  TextAppender appender(column);
  for (const char* text : {"absent", "bb", "", "bb"}) appender.append(text);
  column.append_missing();
  const auto statistics = statistics_of(column, std::vector<std::uint8_t>{0, 1, 1, 1, 1});
  EXPECT_EQ(statistics.rows, 4U);
  EXPECT_EQ(statistics.missing, 1U);
  EXPECT_EQ(statistics.min_length, 0U);
  EXPECT_EQ(statistics.max_length, 2U);
  EXPECT_EQ(statistics.distinct.counts(), (std::map<std::string, std::uint64_t>{{"", 1}, {"bb", 2}}));
}

TEST(ColumnStatistics, OfNothing) {
  for (const auto& statistics :
       {statistics_of(Column(ColumnType::kReal)), statistics_of(reals({kMissing, kMissing}))}) {
    EXPECT_EQ(statistics.present(), 0U);
    EXPECT_EQ(statistics.mean, 0);
    EXPECT_EQ(statistics.standard_deviation(), 0);
    EXPECT_EQ(bytes_of(parse_json(bytes_of(statistics), "test").get<ColumnStatistics>()),
              bytes_of(statistics));
  }
  EXPECT_EQ(ColumnStatistics().missing_share(), 0);
}

// Close together or not, and at the ends of what there is.
TEST(ColumnStatistics, CountsEachWholeNumberWhereverTheyLie) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  CounterRandom random(3);
  for (const std::int64_t base : {kLeast, kMost - 2000, std::int64_t{-1000}, std::int64_t{16000}}) {
    for (const std::uint64_t spread : {1U, 7U, 400U, 2001U}) {
      Column column(ColumnType::kInteger);
      std::map<std::string, std::uint64_t> expected;
      for (int i = 0; i < 500; ++i) {
        const std::int64_t value = base + static_cast<std::int64_t>(random.below(spread));
        if (i % 100 == 99 && spread > 400) {
          column.append_missing();
          continue;
        }
        column.append_integer(value);
        ++expected[std::to_string(value)];
      }
      EXPECT_EQ(statistics_of(column).distinct.counts(), expected) << base << " " << spread;
    }
  }
  Column ends(ColumnType::kInteger);
  for (const std::int64_t value : {kLeast, kMost, std::int64_t{0}}) ends.append_integer(value);
  EXPECT_EQ(statistics_of(ends).distinct.count(), 3U);
}

TEST(ColumnStatistics, KeepChoosesRowsAsSelectRowsDoes) {
  CounterRandom random(1);
  Column column(ColumnType::kInteger);
  std::vector<std::uint8_t> keep;
  for (int i = 0; i < 1000; ++i) {
    if (random.below(5) == 0) {
      column.append_missing();
    } else {
      column.append_integer(static_cast<std::int64_t>(random.below(100)) - 50);
    }
    keep.push_back(static_cast<std::uint8_t>(random.below(2)));
  }
  EXPECT_EQ(bytes_of(statistics_of(column, keep)), bytes_of(statistics_of(select_rows(column, keep))));
}

// The variance must survive a mean that is large beside it.
TEST(ColumnStatistics, MomentsDoNotCancel) {
  constexpr int kRows = 10'000;
  std::vector<double> values;
  for (int i = 0; i < kRows; ++i) values.push_back(1e9 + i % 10);
  std::vector<ColumnStatistics> parts;
  for (std::size_t start = 0; start < kRows; start += 1000) {
    parts.push_back(statistics_of(reals(
        {values.begin() + static_cast<long>(start), values.begin() + static_cast<long>(start) + 1000})));
  }
  EXPECT_DOUBLE_EQ(statistics_of(reals(values)).variance(), 8.25);
  EXPECT_DOUBLE_EQ(merge_tree(parts).variance(), 8.25);
  EXPECT_DOUBLE_EQ(merge_tree(parts).mean, 1e9 + 4.5);
}

TEST(ColumnStatistics, MergingAgreesWithOnePass) {
  CounterRandom random(2);
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<double> all;
    std::vector<ColumnStatistics> parts;
    for (std::uint64_t part = 0; part < 1 + random.below(9); ++part) {
      std::vector<double> values(random.below(20));
      for (double& value : values) value = random.below(4) == 0 ? kMissing : random.normal() * 3;
      all.insert(all.end(), values.begin(), values.end());
      parts.push_back(statistics_of(reals(values)));
    }
    const auto merged = merge_tree(parts);
    const auto whole = statistics_of(reals(all));
    EXPECT_EQ(merged.rows, whole.rows);
    EXPECT_EQ(merged.missing, whole.missing);
    EXPECT_EQ(merged.min, whole.min);
    EXPECT_EQ(merged.max, whole.max);
    EXPECT_NEAR(merged.mean, whole.mean, 1e-13);
    EXPECT_NEAR(merged.m2, whole.m2, 1e-11);
    EXPECT_EQ(Json(merged.distinct), Json(whole.distinct));
  }
}

TEST(MergeTree, OfNoneAndOne) {
  EXPECT_EQ(merge_tree({}).rows, 0U);
  const auto one = statistics_of(reals({1, 2, 4}));
  EXPECT_EQ(bytes_of(merge_tree({one})), bytes_of(one));
}

TEST(MergeTree, HasAFixedShape) {
  std::vector<ColumnStatistics> parts;
  for (int i = 0; i < 5; ++i) parts.push_back(statistics_of(reals({0.1 * i, 1.0 / (i + 3), 7.0 * i})));
  auto expected = parts;  // ((0 1) (2 3)) 4
  expected[0].merge(parts[1]);
  expected[2].merge(parts[3]);
  expected[0].merge(expected[2]);
  expected[0].merge(parts[4]);
  EXPECT_EQ(bytes_of(merge_tree(parts)), bytes_of(expected[0]));
}

TEST(ColumnStatistics, JsonReadsBackExactly) {
  for (const auto& values : std::vector<std::vector<double>>{
           {0.1, 0.2, 0.3}, {5e-324, 1e300, -1e300}, {1e308, 1.7e308, 1.7e308}, {1.0 / 3}}) {
    const auto statistics = statistics_of(reals(values));
    const auto back = parse_json(bytes_of(statistics), "test").get<ColumnStatistics>();
    EXPECT_TRUE(std::isfinite(statistics.mean));
    EXPECT_EQ(back.mean, statistics.mean);
    EXPECT_EQ(back.m2, statistics.m2);
    EXPECT_EQ(bytes_of(back), bytes_of(statistics));
  }
}

TEST(ColumnStatistics, ValuesNearTheLargestDoubleGiveNoNaN) {
  const double largest = std::numeric_limits<double>::max();
  auto statistics = statistics_of(reals({largest, largest, -largest, -largest}));
  EXPECT_EQ(statistics.mean, 0);
  EXPECT_EQ(statistics.m2, std::numeric_limits<double>::infinity());
  statistics = statistics_of(reals({largest}));
  statistics.merge(statistics_of(reals({-largest})));
  EXPECT_EQ(statistics.mean, 0);
  EXPECT_EQ(statistics.m2, std::numeric_limits<double>::infinity());
}

TEST(ColumnStatistics, OfDifferentTypesDoNotMerge) {
  ColumnStatistics statistics(ColumnType::kReal);
  EXPECT_THROW(statistics.merge(ColumnStatistics(ColumnType::kText)), Error);
  EXPECT_THROW(statistics.add(Column(ColumnType::kInteger)), Error);
}

}  // namespace
}  // namespace millrace
