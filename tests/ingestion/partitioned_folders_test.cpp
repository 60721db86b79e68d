// Partitioned folders as sources: their columns in the dataset, for any number of ranks.
#include "base/file.hpp"
#include "ingestion/ingest_fixture.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

class PartitionedFolders : public testing_support::IngestTest {
 protected:
  PartitionedFolders() { config_.source.push_back({shared("data"), {"c.yaml", 3, 9}}); }

  void file(const std::string& name, const std::string& text) {
    if (world_.is_root()) {
      make_folder(std::filesystem::path(shared("data/" + name)).parent_path().string());
      testing_support::write_text(shared("data/" + name), text);
    }
    world_.barrier();
  }
};

TEST_F(PartitionedFolders, GiveTheirColumnsToEachRow) {
  config_.shard_bytes = 16;
  config_.block_bytes = 8;
  file("day=2026-11-01/region=eu/part-0.csv", "x,y\n1,a\n2,b\n3,c\n4,d\n5,e\n6,f\n");
  file("day=2026-11-02/region=u%73/part-0.csv", "x,y\n7,\n");
  file("day=2026-11-02/region=__HIVE_DEFAULT_PARTITION__/part-0.csv", "x,y\n8,h\n");
  const IngestResult together = ingest_together();
  const Dataset& dataset = together.dataset;
  EXPECT_GT(dataset.shards.size(), 3U);
  EXPECT_EQ(dataset.schema, Schema({{"x", ColumnType::kInteger},
                                    {"y", ColumnType::kText},
                                    {"day", ColumnType::kDate},
                                    {"region", ColumnType::kText}}));
  EXPECT_EQ(rows_of(dataset), (testing_support::FormattedRows{{"1", "a", "2026-11-01", "eu"},
                                                              {"2", "b", "2026-11-01", "eu"},
                                                              {"3", "c", "2026-11-01", "eu"},
                                                              {"4", "d", "2026-11-01", "eu"},
                                                              {"5", "e", "2026-11-01", "eu"},
                                                              {"6", "f", "2026-11-01", "eu"},
                                                              {"8", "h", "2026-11-02", "(missing)"},
                                                              {"7", "(missing)", "2026-11-02", "us"}}));
  EXPECT_EQ(dataset.sources[0].name, "day=2026-11-01/region=eu/part-0.csv");
  EXPECT_EQ(dataset.profile.size(), 4U);
  EXPECT_EQ(dataset.profile[3].statistics.present(), 7U);
  EXPECT_EQ(dataset.inference_notes, std::vector<std::string>(4));
  EXPECT_EQ(ingest_alone().version, together.version);
}

TEST_F(PartitionedFolders, AreAnotherVersionWhereTheSameFileLiesInAnother) {
  file("day=1/a.csv", "x\n1\n");
  const Digest first = ingest_together().version;
  if (world_.is_root()) std::filesystem::rename(shared("data/day=1"), shared("data/day=2"));
  world_.barrier();
  EXPECT_NE(ingest_together().version, first);
}

TEST_F(PartitionedFolders, CanBeLeftOutAsColumns) {
  config_.drop = {{"day", {}}};
  file("day=1/n=2/a.csv", "x\n1\n");
  EXPECT_EQ(ingest_together().dataset.schema.names(), (std::vector<std::string>{"x", "n"}));
}

TEST_F(PartitionedFolders, AreReadOnlyWhereTheConditionHolds) {
  file("day=2026-11-01/a.csv", "another header\n\"broken\n");
  file("day=2026-11-02/a.csv", "x\n2\n");
  file("day=2026-11-03/a.csv", "x\n3\n");
  config_.partitions = SourceText{"day >= '2026-11-02'", {"c.yaml", 4, 15}};
  EXPECT_EQ(rows_of(ingest_together().dataset),
            (testing_support::FormattedRows{{"2", "2026-11-02"}, {"3", "2026-11-03"}}));
  config_.partitions->text = "day < '2026-11-01'";
  const Error none = failure();
  testing_support::expect_topic(none, Topic::kNoMatchingFile);
  EXPECT_NE(none.message().find("c.yaml:4:15: data.partitions is true for none of 3 files"),
            std::string::npos);
}

TEST_F(PartitionedFolders, MayNotNameAColumnOfTheFiles) {
  file("day=1/a.csv", "x,day\n1,2\n");
  const Error error = failure();
  testing_support::expect_topic(error, Topic::kPartitions);
  EXPECT_NE(error.message().find("'day' is a column of the files"), std::string::npos) << error.message();
}

TEST_F(PartitionedFolders, AreTheSameForAllFiles) {
  file("day=1/a.csv", "x\n1\n");
  file("b.csv", "x\n1\n");
  testing_support::expect_topic(failure(), Topic::kPartitions);
}

}  // namespace
}  // namespace millrace
