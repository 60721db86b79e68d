// Objects of an S3 store and files of a web server as sources, on any number of ranks.
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>

#include "base/file.hpp"
#include "ingestion/ingest_fixture.hpp"
#include "ingestion/packed_text.hpp"
#include "support/object_server.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::answer;
using testing_support::answer_range;
using testing_support::expect_topic;
using testing_support::ObjectServer;
using testing_support::RawRequest;
using testing_support::RawServer;

class RemoteSources : public testing_support::IngestTest {
 protected:
  RemoteSources() {
    ::setenv("AWS_ACCESS_KEY_ID", "who", 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", "word", 1);
    if (world_.is_root())
      server_ = std::make_unique<RawServer>([this](const RawRequest& request) { return objects_(request); });
    address_ = world_.is_root() ? server_->url("") : "";
    world_.broadcast(address_);
    config_.s3.endpoint = address_;
    config_.transfer = {.part_bytes = 100, .connections = 3, .attempts = 2, .retry_seconds = 0.01};
  }

  void put(const std::string& path, const std::string& text) {
    if (world_.is_root()) objects_.put(path, text);
    world_.barrier();
  }
  void take(const std::string& place) { config_.source.push_back({place, {"c.yaml", 3, 9}}); }
  // How many requests rank 0's server has had.
  int requests() {
    world_.barrier();
    return world_.is_root() ? server_->requests() : 0;
  }
  static std::string day(int seed, int rows) {
    std::string text = "id,note\n";
    for (int i = 0; i < rows; ++i) text += fmt::format("{},\"l{}\nl2\"\n", i * seed, i);
    return text;
  }

  ObjectServer objects_;
  std::unique_ptr<RawServer> server_;
  std::string address_;
};

TEST_F(RemoteSources, GiveTheDatasetOfTheLocalFiles) {
  std::map<std::string, std::string> files{
      {"a.csv", day(1, 40)}, {"b.csv.gz", testing_support::gzip(day(2, 40))}, {"c.csv", day(3, 1)}};
  for (const auto& [name, text] : files) source(name, text);
  const Digest version = ingest_together().version;
  config_.source.clear();
  for (const auto& [name, text] : files) put("/bucket/" + name, text);
  take("s3://bucket/a.csv");
  take(address_ + "/bucket/b.csv.gz?signature=hidden");
  take("s3://bucket/c*");
  EXPECT_EQ(ingest_together().version, version);
  expect_no_temporary_files();
  if (world_.is_root()) {
    const std::string memory = read_file(workspace().path("cache/source-digests.json"));
    EXPECT_NE(memory.find("s3://bucket/a.csv"), std::string::npos);
    EXPECT_EQ(memory.find("hidden"), std::string::npos);
  }
}

TEST_F(RemoteSources, AreFetchedOnceAndKnownAfterwards) {
  put("/bucket/a.csv", day(1, 40));
  take("s3://bucket/a.csv");
  ingest_together();
  const int parts = static_cast<int>((day(1, 40).size() + 99) / 100);
  const int before = requests();
  EXPECT_EQ(before, world_.is_root() ? 1 + parts : 0);
  world_.barrier();
  const Sources known(world_, config_, workspace(), events_);
  EXPECT_EQ(known.files()[0].digest, digest_of(day(1, 40)));
  EXPECT_EQ(requests(), world_.is_root() ? before + 1 : 0);
}

TEST_F(RemoteSources, AreReadAgainWhenTheyHaveChanged) {
  put("/bucket/a.csv", day(1, 40));
  take("s3://bucket/a.csv");
  const Digest first = ingest_together().version;
  put("/bucket/a.csv", day(2, 40));
  EXPECT_NE(ingest_together().version, first);
}

TEST_F(RemoteSources, MayNotChangeBetweenTheKeyAndTheReading) {
  put("/bucket/a.csv", day(1, 40));
  take("s3://bucket/a.csv");
  ingest_together();
  Sources known(world_, config_, workspace(), events_);
  put("/bucket/a.csv", day(2, 40));
  EXPECT_EQ(ingest(world_, config_, "test", known, workspace(), events_).kept_files, 1U);  // not asked for
  world_.barrier();
  if (world_.is_root()) std::filesystem::remove_all(shared("workspace/actions/file"));
  world_.barrier();
  try {
    ingest(world_, config_, "test", known, workspace(), events_);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    expect_topic(error, Topic::kFileChanged);
  }
}

TEST_F(RemoteSources, CanBePartitioned) {
  put("/bucket/data/day=1/a.csv", "x\n1\n");
  put("/bucket/data/day=2/a.csv", "x\n2\n");
  put("/bucket/data/day=2/readme.txt", "no data");
  put("/bucket/data2/day=3/a.csv", "x\n3\n");
  for (const char* place : {"s3://bucket/data/", "s3://bucket/data/day=*", "s3://bucket/data/day=?/*.csv"}) {
    config_.source.clear();
    take(place);
    const Dataset dataset = ingest_together().dataset;
    EXPECT_EQ(dataset.schema.names(), (std::vector<std::string>{"x", "day"}));
    EXPECT_EQ(dataset.rows(), 2U);
  }
  const int before = requests();
  config_.partitions = SourceText{"day > 1", {}};
  EXPECT_EQ(ingest_together().dataset.sources[0].name, "day=2/a.csv");
  EXPECT_EQ(requests(), world_.is_root() ? before + 1 : 0);  // the list: the object's rows are kept
}

TEST_F(RemoteSources, MayBeEmptyOrComeFromAServerThatKnowsNoRanges) {
  put("/bucket/a.csv", "");
  put("/bucket/b.csv", "x\n1\n");
  take("s3://bucket/a.csv");
  take("s3://bucket/b.csv");
  EXPECT_EQ(ingest_together().dataset.rows(), 1U);
  if (world_.is_root())
    server_ = std::make_unique<RawServer>([](const RawRequest&) { return answer(200, "", day(1, 40)); });
  config_.source.clear();
  std::string url = world_.is_root() ? server_->url("/plain.csv") : "";
  world_.broadcast(url);
  take(url);
  const Dataset dataset = ingest_together().dataset;
  EXPECT_EQ(dataset.rows(), 40U);
  EXPECT_EQ(dataset.sources[0].digest, digest_of(day(1, 40)));
}

TEST_F(RemoteSources, FailOnAllRanksWithOneMessage) {
  put("/bucket/a.csv", day(1, 40));
  for (const auto& [place, topic] : {std::pair{"s3://bucket/b.csv", Topic::kMissingSource},
                                     std::pair{"s3://bucket/none/", Topic::kMissingSource},
                                     std::pair{"s3://bucket/b*.csv", Topic::kMissingSource},
                                     std::pair{"s3://bucket/a.csv.xz", Topic::kMissingSource},
                                     std::pair{"ftp://bucket/a.csv", Topic::kUnknownKind}}) {
    config_.source.clear();
    take(place);
    const Error error = failure();
    expect_topic(error, topic);
    EXPECT_NE(error.message().find("c.yaml:3:9"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find(place), std::string::npos) << error.message();
  }
  expect_no_temporary_files();
}

// The disk is full for one rank.
class FullDisk : public FileOperations {
 public:
  long write_at(int, const char*, std::size_t, std::uint64_t) override {
    errno = ENOSPC;
    return -1;
  }
};

TEST_F(RemoteSources, FailOnAllRanksWhereOnesDiskIsFull) {
  put("/bucket/a.csv", day(1, 40));
  take("s3://bucket/a.csv");
  FullDisk disk;
  FileOperations working;
  const bool is_last = world_.rank() + 1 == world_.size();
  const ScopedFileOperations operations(is_last ? static_cast<FileOperations&>(disk) : working);
  expect_topic(failure(), Topic::kDiskFull);
  expect_no_temporary_files();
}

TEST_F(RemoteSources, FailOnAllRanksWhereAPartCannotBeHad) {
  const std::string text = day(1, 40);
  if (world_.is_root()) {
    server_ = std::make_unique<RawServer>([&](const RawRequest& request) {
      return request.header("range").starts_with("bytes=300-") ? "" : answer_range(request, text, "\"e\"");
    });
    address_ = server_->url("");
  }
  world_.broadcast(address_);
  take(address_ + "/a.csv");
  expect_topic(failure(), Topic::kUnreachableSource);
  expect_no_temporary_files();
}

}  // namespace
}  // namespace millrace
