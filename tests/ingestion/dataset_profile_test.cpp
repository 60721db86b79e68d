// Quantiles and histograms of columns with more different values than are counted: those of all values, and
// the same for any split of files into nights, of which an ordinary one reads its new files' columns alone.
#include "ingestion/dataset_profile.hpp"

#include <cmath>

#include "base/random.hpp"
#include "ingestion/nights_fixture.hpp"
#include "statistics/counted_numbers.hpp"

namespace millrace {
namespace {

class DatasetProfileNights : public testing_support::NightsTest {
 protected:
  // A day's columns: keys, normal numbers, half of them 0, all magnitudes, tenths, one value.
  static std::string rows_of_day(std::uint64_t day, std::size_t rows, double spread = 1) {
    CounterRandom random(derive_key({day, 12}));
    std::string text = "key,normal,tied,wide,tenths,same,note\n";
    for (std::size_t i = 0; i < rows; ++i) {
      const std::uint64_t key = 4'000'000'000'000 + day * 30'000 + i;
      const double tied = random.below(2) == 0 ? 0 : random.normal();
      const double wide = random.normal() * std::pow(10.0, static_cast<double>(random.below(600)) - 300);
      const std::string tenths = random.below(50) == 0 ? "NA" : fmt::format("{:.1f}", random.normal() * 1e6);
      text += fmt::format("{},{},{},{},{},7,n{}\n", key, spread * std::tanh(random.normal()), tied, wide,
                          tenths, random.below(9));
    }
    return text;
  }

  // Of one night: how many shards were read for each column.
  std::map<std::string, std::uint64_t> columns_read() const {
    std::string told = read_.dump();
    world_.broadcast(told);
    return Json::parse(told).get<std::map<std::string, std::uint64_t>>();
  }
  void listen() {
    events_.listen([&](const Json& event) {
      if (event["event"] == "ingest.profile") read_ = event["read"];
    });
  }

  // As it follows from all values of the shards.
  void expect_profile_of_all_values(const Dataset& dataset) const {
    for (std::size_t i = 0; i < dataset.schema.size(); ++i) {
      if (!is_numeric(dataset.schema[i].type)) continue;
      std::vector<double> values;
      for (const ShardEntry& shard : dataset.shards) {
        const Table table = read_data_shard(workspace().object_path(shard.object)).table;
        for (std::size_t row = 0; row < table.rows(); ++row) {
          if (table.columns[i].is_valid(row)) values.push_back(table.columns[i].number(row) + 0.0);
        }
      }
      std::ranges::sort(values);
      CountedNumbers each;
      for (const double value : values) each.emplace_back(value, 1);
      const ColumnProfile& profile = dataset.profile[i];
      EXPECT_EQ(profile.quantiles, quantiles_of(each, kProfileQuantiles)) << dataset.schema[i].name;
      EXPECT_EQ(profile.histogram, histogram_of(each, {values.front(), values.back(), kHistogramBins}));
      EXPECT_TRUE(profile.statistics.distinct.buckets().buckets().empty());
    }
  }

  Json read_;
};

TEST_F(DatasetProfileNights, IsThatOfAllValuesForAnySplitOfFilesIntoNights) {
  listen();
  config_.shard_bytes = 700'000;
  CounterRandom random(derive_key({5, 13}));
  const std::vector<std::uint64_t> order{2, 0, 4, 1, 3};
  std::size_t arrived = 0;
  std::size_t kept = 0;
  for (const std::uint64_t day : order) {
    write(fmt::format("day-{}.csv", day), rows_of_day(day, 12'000 + 4'000 * day));
    ++arrived;
    if (arrived < order.size() && random.below(2) == 0) continue;
    expect_same(kept, fmt::format("after {} files", arrived));
    kept = arrived;
  }
  EXPECT_EQ(columns_read().size(), 5U);  // else nothing here is about columns that are not counted
  const IngestResult all = ingest_together();
  expect_profile_of_all_values(all.dataset);
  EXPECT_EQ(all.version, ingest_alone().version);
}

TEST_F(DatasetProfileNights, ReadNewFilesAloneUntilAColumnMoves) {
  listen();
  for (std::uint64_t day = 1; day <= 4; ++day)
    write(fmt::format("day-{}.csv", day), rows_of_day(day, 20'000));
  const IngestResult first = ingest_together();
  const std::map<std::string, std::uint64_t> all{
      {"key", 4}, {"normal", 4}, {"tenths", 4}, {"tied", 4}, {"wide", 4}};
  EXPECT_EQ(columns_read(), all);
  ingest_together();
  const std::map<std::string, std::uint64_t> none{
      {"key", 0}, {"normal", 0}, {"tenths", 0}, {"tied", 0}, {"wide", 0}};
  EXPECT_EQ(columns_read(), none);

  std::string header_and_row = rows_of_day(2, 1);
  write("day-5.csv", header_and_row);
  expect_same(4, "one more row");
  write("day-6.csv", header_and_row);
  const Digest reference = afresh().version;
  world_.barrier();
  if (world_.is_root()) {
    for (const ShardEntry& shard : first.dataset.shards) {
      const std::string bytes = read_file(workspace().object_path(shard.object));
      replace_object(shard.object, std::string(bytes.size(), 'x'));
    }
  }
  world_.barrier();
  EXPECT_EQ(ingest_together().version, reference);  // without a look at what is kept
  const std::map<std::string, std::uint64_t> one{
      {"key", 1}, {"normal", 1}, {"tenths", 1}, {"tied", 1}, {"wide", 1}};
  EXPECT_EQ(columns_read(), one);

  write("day-7.csv", rows_of_day(2, 100, 5));  // `normal` has a new maximum
  const std::string message = failure().message();
  EXPECT_NE(message.find("is no HDF5 file"), std::string::npos) << message;
}

TEST_F(DatasetProfileNights, ReadAMovedColumnAloneAndWhatIsDamaged) {
  listen();
  for (std::uint64_t day = 1; day <= 4; ++day)
    write(fmt::format("day-{}.csv", day), rows_of_day(day, 20'000));
  ingest_together();
  write("day-5.csv", rows_of_day(2, 100, 5));
  expect_same(4, "another maximum");
  ingest_together();
  write("day-6.csv", rows_of_day(2, 100, 9));
  ingest_together();
  const std::map<std::string, std::uint64_t> moved{
      {"key", 1}, {"normal", 6}, {"tenths", 1}, {"tied", 1}, {"wide", 1}};
  EXPECT_EQ(columns_read(), moved);
  damage_what_is_kept("values");
  expect_same(6, "damaged");
}

}  // namespace
}  // namespace millrace
