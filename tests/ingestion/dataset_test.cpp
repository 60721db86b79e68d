#include "ingestion/dataset.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace millrace {
namespace {

Dataset example() {
  Dataset dataset;
  dataset.name = "churn";
  dataset.schema = Schema({{"age", ColumnType::kInteger}, {"plan", ColumnType::kText}});
  dataset.sources = {{"a.csv", 10, digest_of("a")}, {"b.csv", 0, digest_of("")}};
  dataset.shards = {{digest_of("s1"), 3, 5, 0, 0}, {digest_of("s2"), 2, 2, 1, 64}};
  dataset.rejects = {2,
                     {{"cast", 1}, {"nul", 1}},
                     Json::array({{{"file", "a.csv"}, {"line", 2}}}),
                     digest_of("table"),
                     digest_of("table as HDF5")};
  Column ages(ColumnType::kInteger);
  for (const int age : {7, 30, 30}) ages.append_integer(age);
  ColumnStatistics statistics(ColumnType::kInteger);
  statistics.add(ages);
  dataset.profile = {{statistics, {7, 30}, {1, 2}}, {ColumnStatistics(ColumnType::kText), {}, {}}};
  dataset.inference_notes = {"", "'x' in a.csv line 2"};
  return dataset;
}

TEST(Dataset, ReadsBackFromItsManifest) {
  const Json json = example();
  EXPECT_EQ(canonical_json(Json(json.get<Dataset>())), canonical_json(json));
  EXPECT_EQ(json.get<Dataset>().shards[1].first_byte, 64U);
}

TEST(Dataset, ReadsManifestsOfEarlierVersions) {
  Json json = example();
  for (const char* key : {"kinds", "table_hdf5"}) json["rejects"].erase(key);
  const RejectSummary rejects = json.get<Dataset>().rejects;
  EXPECT_EQ(rejects.count, 2U);
  EXPECT_TRUE(rejects.kinds.empty());
  EXPECT_TRUE(rejects.table_hdf5.empty());
}

TEST(Dataset, CountsRowsAndRecords) {
  EXPECT_EQ(example().rows(), 5U);
  EXPECT_EQ(example().first_records(), (std::vector<std::uint64_t>{0, 5}));
  EXPECT_EQ(Dataset().rows(), 0U);
}

TEST(Dataset, NamesWhatADamagedManifestLacks) {
  Json json = example();
  json.erase("shards");
  try {
    (void)json.get<Dataset>();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("'shards'"), std::string::npos) << error.message();
  }
  json["format"] = 99;
  EXPECT_THROW((void)json.get<Dataset>(), Error);
}

}  // namespace
}  // namespace millrace
