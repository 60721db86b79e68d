// Packed sources: the dataset is that of the plain files, whatever the number of ranks.
#include "ingestion/plain_sources.hpp"

#include "ingestion/ingest_fixture.hpp"
#include "ingestion/packed_text.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::gzip;
using testing_support::zstd;

class PackedSources : public testing_support::IngestTest {
 protected:
  static std::string day(std::uint64_t seed, std::size_t rows) {
    CounterRandom random(derive_key({seed}));
    std::string text = "id,amount,note\n";
    for (std::size_t i = 0; i < rows; ++i) {
      text += fmt::format("{},{}.25,\"l{}\nl2\"\n", i, random.below(900), random.below(4));
      if (random.below(9) == 0) text += "7,1\n";  // rejected
    }
    return text;
  }

  // The version's manifest without what may differ: the sources themselves, and digests that name them.
  static Json comparable(const Dataset& dataset, const std::map<std::string, std::string>& names) {
    Json json = dataset;
    json.erase("sources");
    for (const char* table : {"table", "table_hdf5"}) json["rejects"].erase(table);
    for (Json& shard : json["shards"]) shard.erase("object");
    for (Json& sample : json["rejects"]["samples"]) sample["file"] = names.at(sample["file"]);
    return json;
  }
};

TEST_F(PackedSources, GiveTheDatasetOfThePlainFilesShardForShard) {
  config_.shard_bytes = 300;
  config_.block_bytes = 128;
  config_.max_rejected_share = 0.5;
  std::map<std::string, std::string> names;
  for (int i = 0; i < 5; ++i) {
    source(fmt::format("{}.csv", i), day(i, 20U + 5U * i));
    for (const char* packing : {"", ".gz", ".zst"})
      names[fmt::format("{}.csv{}", i, packing)] = fmt::format("{}.csv", i);
  }
  const Dataset plain = ingest_together().dataset;
  ASSERT_GT(plain.shards.size(), 8U);
  ASSERT_GT(plain.rejects.count, 0U);
  config_.source.clear();
  for (int i = 0; i < 5; ++i) {  // one of them stays as it is
    const std::string text = day(i, 20U + 5U * i);
    if (i == 2) source("2.csv", text);
    if (i < 2) source(fmt::format("{}.csv.gz", i), gzip(text));
    if (i > 2) source(fmt::format("{}.csv.zst", i), zstd(text));
  }
  const IngestResult packed = ingest_together();
  EXPECT_EQ(comparable(packed.dataset, names), comparable(plain, names));
  for (std::size_t i = 0; i < plain.shards.size(); ++i) {
    const DataShard expected = read_data_shard(workspace().object_path(plain.shards[i].object));
    const DataShard found = read_data_shard(workspace().object_path(packed.dataset.shards[i].object));
    EXPECT_EQ(found.records, expected.records);
    EXPECT_EQ(testing_support::formatted_rows(found.table), testing_support::formatted_rows(expected.table));
  }
  EXPECT_EQ(ingest_alone().version, packed.version);
  expect_no_temporary_files();
}

// `text` has no character beyond Latin-1.
std::string in_utf16(const std::string& text) {
  std::string units = "\xff\xfe";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    units += byte < 0x80 ? text[i] : static_cast<char>(byte << 6U | (text[++i] & 0x3f));
    units += '\0';
  }
  return units;
}
std::string in_latin1(const std::string& text) {
  std::string bytes;
  const std::string units = in_utf16(text);
  for (std::size_t i = 2; i < units.size(); i += 2) bytes += units[i];
  return bytes;
}

TEST_F(PackedSources, InOtherEncodingsGiveTheDatasetOfUtf8) {
  config_.shard_bytes = 256;
  config_.block_bytes = 128;
  config_.max_rejected_share = 0.5;
  std::string text = day(3, 40);
  for (auto at = text.find('l'); at != std::string::npos; at = text.find('l')) text.replace(at, 1, "ß");
  source("a.csv", text);
  const Dataset plain = ingest_together().dataset;
  const std::map<std::string, std::string> names{{"a.csv", "a.csv"}, {"b.csv", "a.csv"}};
  const auto expect_same = [&](const std::string& encoding, const std::string& bytes,
                               const std::string& found) {
    config_.source.clear();
    config_.encoding = encoding;
    source("b.csv", bytes);
    const IngestResult other = ingest_together();
    EXPECT_EQ(comparable(other.dataset, names), comparable(plain, names)) << found;
    EXPECT_EQ(other.dataset.sources[0].encoding, found);
    EXPECT_EQ(Json(other.dataset).get<Dataset>().sources[0].encoding, found);
    EXPECT_EQ(other.dataset.sources[0].unpacked_bytes, text.size());
    EXPECT_EQ(ingest_alone().version, other.version);
    expect_no_temporary_files();
  };
  expect_same("utf-8", in_utf16(text), "utf-16le");
  expect_same("utf-16le", in_utf16(text).substr(2), "utf-16le");
  expect_same("utf-8", gzip(in_utf16(text)), "utf-16le");
  expect_same("latin-1", in_latin1(text), "latin-1");
  expect_same("windows-1252", zstd(in_latin1(text)), "windows-1252");
}

TEST_F(PackedSources, OfBytesThatAreNotOfTheirEncodingAreRefused) {
  config_.encoding = "windows-1252";
  source("a.csv", "x\n1\n");
  source("b.csv", "x\n\x81\n");
  const Error error = failure();
  testing_support::expect_topic(error, Topic::kWrongEncoding);
  EXPECT_NE(error.message().find("b.csv' is no windows-1252: a byte without a meaning at byte 2"),
            std::string::npos)
      << error.message();
  expect_no_temporary_files();
}

TEST_F(PackedSources, OfBlockIndexedGzipAreUnpackedByAllRanksAndThreads) {
  config_.threads = 2;
  std::string text = "id,note\n";
  while (text.size() < (std::size_t{9} << 20U))
    text += fmt::format("{},{}\n", text.size(), text.size() % 977);
  const std::string packed = testing_support::block_gzip(text);
  source("a.csv", text);
  const Dataset plain = ingest_together().dataset;
  config_.source.clear();
  source("a.csv.gz", packed);
  const Dataset dataset = ingest_together().dataset;
  EXPECT_EQ(dataset.sources[0].unpacked_bytes, text.size());
  EXPECT_EQ(comparable(dataset, {}), comparable(plain, {}));
  config_.source.clear();
  std::string damaged = packed;
  damaged[packed.size() / 2] = static_cast<char>(damaged[packed.size() / 2] ^ 1);
  source("b.csv.gz", damaged);
  const Error error = failure();
  testing_support::expect_topic(error, Topic::kDamagedPacking);
  EXPECT_NE(error.message().find("b.csv.gz' is damaged"), std::string::npos) << error.message();
  expect_no_temporary_files();
}

TEST_F(PackedSources, AreKnownByTheirPackedBytes) {
  const std::string text = day(1, 30);
  source("a.csv.gz", gzip(text));
  source("b.csv", text);
  const Dataset dataset = ingest_together().dataset;
  EXPECT_EQ(dataset.sources[0].bytes, gzip(text).size());
  EXPECT_EQ(dataset.sources[0].digest, digest_of(gzip(text)));
  EXPECT_EQ(dataset.sources[0].unpacked_bytes, text.size());
  EXPECT_FALSE(dataset.sources[1].unpacked_bytes);
  EXPECT_EQ(Json(dataset).get<Dataset>().sources[0].unpacked_bytes, text.size());
}

TEST_F(PackedSources, MayBeEmptyDays) {
  source("a.csv.gz", gzip("x\n1\n"));
  source("b.csv.gz", gzip(""));
  source("c.csv.gz", "");
  source("d.csv.zst", zstd(""));
  EXPECT_EQ(ingest_together().dataset.rows(), 1U);
  config_.source.erase(config_.source.begin());
  const Error error = failure();
  EXPECT_EQ(error.code(), ExitCode::kDataRejected);
  EXPECT_NE(error.message().find("b.csv.gz"), std::string::npos) << error.message();
}

TEST_F(PackedSources, AreNamedInMessagesByTheirOwnNames) {
  config_.max_rejected_share = 0.1;
  source("a.csv.gz", gzip("x,y\n1,2\n1\n"));
  EXPECT_NE(failure().message().find("a.csv.gz line 3: 1 fields instead of 2"), std::string::npos);
  config_.source.clear();
  source("b.csv.gz", gzip("x,y\n1,\"2\n"));
  EXPECT_NE(failure().message().find("'b.csv.gz' line 2: the quote"), std::string::npos);
  expect_no_temporary_files();
}

TEST_F(PackedSources, FailOnAllRanksWhereOneOfThemIsCutOff) {
  source("a.csv.gz", gzip(day(1, 40)));
  source("b.csv.gz", gzip(day(2, 40)).substr(0, 100));
  source("c.csv.gz", gzip(day(3, 40)));
  const Error error = failure();
  EXPECT_EQ(error.code(), ExitCode::kDataRejected);
  EXPECT_NE(error.message().find("b.csv.gz' is cut off"), std::string::npos) << error.message();
  config_.source[1].text = shared("d.csv.zst");
  if (world_.is_root()) testing_support::write_text(shared("d.csv.zst"), zstd(day(2, 40)).substr(0, 100));
  world_.barrier();
  EXPECT_NE(failure().message().find("d.csv.zst' is cut off"), std::string::npos);
  expect_no_temporary_files();
}

TEST_F(PackedSources, MayNotChangeMeanwhile) {
  source("a.csv.gz", gzip("x\n1\n"));
  const Workspace there(shared("workspace"));
  world_.agree([&] {
    if (world_.is_root()) there.prepare();
  });
  Sources sources(world_, config_, there, events_);
  if (world_.is_root()) testing_support::write_text(sources.places()[0], gzip("x\n1\n2\n3\n") + gzip("4\n"));
  world_.barrier();
  EXPECT_THROW(ingest(world_, config_, "test", sources, there, events_), Error);
}

}  // namespace
}  // namespace millrace
