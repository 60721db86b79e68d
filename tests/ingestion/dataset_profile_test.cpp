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
  // A day's columns: keys, normal numbers, many of them 0, all magnitudes, tenths, one value.
  static std::string rows_of_day(std::uint64_t day, std::size_t rows, double spread) {
    CounterRandom random(derive_key({day, 12}));
    std::string text = "key,normal,tied,wide,tenths,same,note\n";
    for (std::size_t i = 0; i < rows; ++i) {
      const std::uint64_t key = 4'000'000'000'000 + day % 7 * 30'000 + i;
      const double tied = random.below(9) == 0 ? 0 : random.normal();
      const double wide = random.normal() * std::pow(10.0, static_cast<double>(random.below(600)) - 300);
      const std::string tenths = random.below(50) == 0 ? "NA" : fmt::format("{:.1f}", random.normal() * 1e6);
      text += fmt::format("{},{},{},{},{},7,n{}\n", key, spread * std::tanh(random.normal()), tied, wide,
                          tenths, random.below(9));
    }
    return text;
  }

  void write_day(std::uint64_t day, std::size_t rows, double spread = 1) {
    write(fmt::format("day-{}.csv", day), world_.is_root() ? rows_of_day(day, rows, spread) : "");
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
  std::size_t arrived = 0;
  for (const std::uint64_t day : {2, 0, 4, 1, 3}) {
    write_day(day, 12'500 + 1'500 * day);
    if (++arrived == 3) expect_same(0, "the first night");
  }
  expect_same(3, "the second night");
  EXPECT_EQ(columns_read().size(), 5U);  // else nothing here is about columns that are not counted
  const IngestResult all = ingest_together();
  expect_profile_of_all_values(all.dataset);
  EXPECT_EQ(all.version, ingest_alone().version);
}

TEST_F(DatasetProfileNights, ReadNewFilesAloneUntilAColumnMoves) {
  listen();
  for (std::uint64_t day = 1; day <= 4; ++day) write_day(day, 19'000);
  const IngestResult first = ingest_together();
  const std::map<std::string, std::uint64_t> all{
      {"key", 4}, {"normal", 4}, {"tenths", 4}, {"tied", 4}, {"wide", 4}};
  EXPECT_EQ(columns_read(), all);
  ingest_together();
  const std::map<std::string, std::uint64_t> none{
      {"key", 0}, {"normal", 0}, {"tenths", 0}, {"tied", 0}, {"wide", 0}};
  EXPECT_EQ(columns_read(), none);

  write_day(8, 1);
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

  write_day(9, 100, 5);  // `normal` has a new maximum
  const std::string message = failure().message();
  EXPECT_NE(message.find("is no HDF5 file"), std::string::npos) << message;
}

TEST_F(DatasetProfileNights, ReadAMovedColumnAloneAndWhatIsDamaged) {
  listen();
  for (std::uint64_t day = 1; day <= 4; ++day) write_day(day, 19'000);
  ingest_together();
  write_day(8, 100, 5);
  const Digest with_a_new_maximum = ingest_together().version;
  const std::map<std::string, std::uint64_t> moved{
      {"key", 1}, {"normal", 5}, {"tenths", 1}, {"tied", 1}, {"wide", 1}};
  EXPECT_EQ(columns_read(), moved);
  damage_what_is_kept("values");
  expect_same(5, "damaged");
  EXPECT_EQ(ingest_together().version, with_a_new_maximum);
}

}  // namespace
}  // namespace millrace
