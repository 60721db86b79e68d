#include "ingestion/profile.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/ingest_fixture.hpp"
#include "ingestion/quantile_passes.hpp"
#include "statistics/quantiles.hpp"

namespace millrace {
namespace {

constexpr std::size_t kShards = 7;

// Shard i, the same whoever asks; shard 3 is empty, "none" never has a value.
DataShard shard(std::size_t i) {
  DataShard data{make_table(Schema({{"r", ColumnType::kReal},
                                    {"i", ColumnType::kInteger},
                                    {"t", ColumnType::kText},
                                    {"none", ColumnType::kReal}})),
                 {}};
  CounterRandom random(derive_key({99, i}));
  TextAppender texts(data.table.columns[2]);
  for (std::size_t row = 0; row < (i == 3 ? 0 : 20 + i); ++row) {
    data.records.push_back(row);
    random.below(10) == 0 ? data.table.columns[0].append_missing()
                          : data.table.columns[0].append_real(random.normal());
    data.table.columns[1].append_integer(static_cast<std::int64_t>(random.below(9)) - 4);
    texts.append(std::string(1, static_cast<char>('a' + random.below(5))));
    data.table.columns[3].append_missing();
  }
  return data;
}

std::vector<std::uint8_t> every_other(std::size_t, const DataShard& data) {
  std::vector<std::uint8_t> keep(data.records.size());
  for (std::size_t i = 0; i < keep.size(); i += 2) keep[i] = 1;
  return keep;
}

class Profile : public testing::TestWithParam<bool> {
 protected:
  [[nodiscard]] RowFilter filter() const { return GetParam() ? RowFilter(every_other) : RowFilter(); }
  // The chosen present values of a numeric column, sorted.
  [[nodiscard]] std::vector<double> values(const std::string& column) const {
    std::vector<double> all;
    for (std::size_t i = 0; i < kShards; ++i) {
      const DataShard data = shard(i);
      for (std::size_t row = 0; row < data.records.size(); ++row) {
        if (GetParam() && row % 2 == 1) continue;
        if (data.table[column].is_valid(row)) all.push_back(data.table[column].number(row));
      }
    }
    std::sort(all.begin(), all.end());
    return all;
  }
};

TEST_P(Profile, StatisticsAreThoseOfOneRankAndOfAllValues) {
  const auto world = Communicator::world();
  const Schema schema = shard(0).table.schema;
  const auto together = column_statistics(world, kShards, schema, shard, filter());
  const auto alone = column_statistics(Communicator::self(), kShards, schema, shard, filter());
  ASSERT_EQ(together.size(), 4U);
  for (const auto& [name, statistics] : together) {
    EXPECT_EQ(canonical_json(statistics), canonical_json(alone.at(name))) << name;
  }
  const std::vector<double> reals = values("r");
  const ColumnStatistics& r = together.at("r");
  EXPECT_EQ(r.present(), reals.size());
  EXPECT_EQ(r.min, reals.front());
  EXPECT_EQ(r.max, reals.back());
  double sum = 0;
  for (const double value : reals) sum += value;
  EXPECT_NEAR(r.mean, sum / static_cast<double>(reals.size()), 1e-12);
  EXPECT_EQ(together.at("t").distinct.count(), 5U);
  EXPECT_EQ(together.at("none").present(), 0U);
}

TEST_P(Profile, QuantilesAreThoseOfTheSortedValues) {
  const std::vector<double> shares{0, 0.1, 0.25, 0.5, 0.77, 1};
  const auto found = column_quantiles(Communicator::world(), kShards,
                                      {{"r", shares}, {"i", {0.5}}, {"none", shares}}, shard, filter());
  EXPECT_FALSE(found.contains("none"));
  const std::vector<double> sorted = values("r");
  for (const double share : shares) {
    const auto at = quantile_position(share, sorted.size());
    EXPECT_DOUBLE_EQ(found.at("r").at(share), (1 - at.weight) * sorted[at.low] + at.weight * sorted[at.high]);
  }
  EXPECT_EQ(found.at("i").size(), 1U);
}

// Around the number of values from which on they are counted instead of gathered.
TEST(QuantilesOfShards, AreThoseOfTheSortedValuesHoweverManyThereAre) {
  const std::vector<double> shares{0, 0.01, 0.5, 0.9, 1};
  for (const std::uint64_t rows :
       {std::uint64_t{1}, kFewValues - 1, kFewValues, kFewValues + 1, 3 * kFewValues}) {
    std::vector<double> sorted(rows);
    CounterRandom random(derive_key({7, rows}));
    for (double& value : sorted) value = random.below(3) == 0 ? -0.0 : random.normal();
    const ShardSource source = [&](std::size_t i) {
      DataShard data{make_table(Schema({{"few", ColumnType::kReal}, {"x", ColumnType::kReal}})), {}};
      for (std::size_t row = i; row < rows; row += kShards) {
        data.records.push_back(data.records.size());
        row == 0 ? data.table.columns[0].append_real(5) : data.table.columns[0].append_missing();
        data.table.columns[1].append_real(sorted[row]);
      }
      return data;
    };
    const auto found =
        column_quantiles(Communicator::world(), kShards, {{"few", shares}, {"x", shares}}, source);
    std::sort(sorted.begin(), sorted.end());
    for (const double share : shares) {
      const auto at = quantile_position(share, rows);
      EXPECT_DOUBLE_EQ(found.at("x").at(share),
                       (1 - at.weight) * sorted[at.low] + at.weight * sorted[at.high]);
      EXPECT_FALSE(std::signbit(found.at("x").at(share)) && found.at("x").at(share) == 0);
      EXPECT_EQ(found.at("few").at(share), 5);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutFilter, Profile, testing::Bool());

TEST(ProfileOfShards, IsEmptyWithoutShards) {
  const auto world = Communicator::world();
  const auto statistics = column_statistics(world, 0, Schema({{"r", ColumnType::kReal}}), shard);
  EXPECT_EQ(statistics.at("r").rows, 0U);
  EXPECT_EQ(statistics.at("r").type, ColumnType::kReal);
  EXPECT_TRUE(column_quantiles(world, 0, {{"r", {0.5}}}, shard).empty());
}

TEST(ProfileOfShards, PassesOnAFailureOfASource) {
  const ShardSource broken = [](std::size_t i) -> DataShard {
    if (i == 5) throw resource_error("shard 5 is gone");
    return shard(i);
  };
  EXPECT_THROW(column_statistics(Communicator::world(), kShards, shard(0).table.schema, broken), Error);
}

class ProfileOfADataset : public testing_support::IngestTest {};

TEST_F(ProfileOfADataset, HoldsExactQuantilesAndHistograms) {
  config_.shard_bytes = 64;
  std::string text = "x,same,t\n";
  for (int i = 0; i <= 100; ++i) text += fmt::format("{},5,a\n", (i * 37) % 101);
  source("a.csv", text);
  const Dataset dataset = ingest_together().dataset;
  const ColumnProfile& x = dataset.profile[0];
  EXPECT_EQ(x.quantiles, (std::vector<double>{0, 1, 5, 25, 50, 75, 95, 99, 100}));
  ASSERT_EQ(x.histogram.size(), kHistogramBins);
  std::vector<std::uint64_t> expected(kHistogramBins);
  for (int i = 0; i <= 100; ++i)
    ++expected[std::min<std::size_t>(kHistogramBins - 1, i * kHistogramBins / 100)];
  EXPECT_EQ(x.histogram, expected);
  EXPECT_EQ(dataset.profile[1].histogram[0], 101U);
  EXPECT_EQ(dataset.profile[1].quantiles, std::vector<double>(9, 5));
  EXPECT_TRUE(dataset.profile[2].quantiles.empty());
  EXPECT_TRUE(dataset.profile[2].histogram.empty());
  EXPECT_EQ(dataset.profile[2].statistics.distinct.counts().at("a"), 101U);
}

}  // namespace
}  // namespace millrace
