#include <fcntl.h>
#include <unistd.h>

#include "base/file.hpp"
#include "ingestion/digest_memory.hpp"
#include "ingestion/ingest_fixture.hpp"
#include "ingestion/packed_text.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

class FindSources : public testing_support::IngestTest {
 protected:
  std::vector<SourceFile> find(bool verify = false) {
    world_.agree([&] {
      if (world_.is_root()) workspace().prepare();
    });
    const Sources sources(world_, config_, workspace(), events_,
                          verify ? DigestUse::kTakenAnew : DigestUse::kRemembered);
    paths_ = sources.places();
    return sources.files();
  }
  Error find_failure() {
    return failure_of([&] { find(); });
  }

  std::vector<std::string> paths_;
};

TEST_F(FindSources, GivesNamesSizesAndDigestsInOrder) {
  for (int i = 5; i > 0; --i) source(fmt::format("{}.csv", i), std::string(static_cast<std::size_t>(i), 'x'));
  const auto sources = find();
  ASSERT_EQ(sources.size(), 5U);
  ASSERT_EQ(paths_.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(sources[i].name, fmt::format("{}.csv", 5 - i));
    EXPECT_EQ(sources[i].bytes, 5 - i);
    EXPECT_EQ(sources[i].digest, digest_of(std::string(5 - i, 'x')));
    EXPECT_EQ(paths_[i], shared(sources[i].name));
  }
}

TEST_F(FindSources, BelievesItsMemoryUnlessToldToVerify) {
  source("a.csv", "x\n1\n");
  source("b.csv", "x\n2\n");
  if (world_.is_root()) {
    DigestMemory memory(workspace().path("cache/source-digests.json"));
    memory.remember(shared("a.csv"), stamp_of(shared("a.csv")), digest_of("believed"));
    memory.save();
  }
  world_.barrier();
  EXPECT_EQ(find()[0].digest, digest_of("believed"));
  EXPECT_EQ(find()[1].digest, digest_of("x\n2\n"));
  EXPECT_EQ(find(true)[0].digest, digest_of("x\n1\n"));
}

TEST_F(FindSources, DoesNotRememberWhatHasJustChanged) {
  source("a.csv", "x\n1\n");
  find();
  const DigestMemory memory(workspace().path("cache/source-digests.json"));
  EXPECT_FALSE(memory.find(shared("a.csv"), stamp_of(shared("a.csv"))));
}

TEST_F(FindSources, RefusesAFileNamedTwice) {
  source("a.csv", "x\n1\n");
  for (const char* other : {"a.csv", "?.csv", "../a.csv", "a.csv.gz", "a.csv.zst"}) {
    if (std::string(other).starts_with("a.csv.")) source(other, "x");
    config_.source = {{shared("a.csv"), {}}, {shared(other), {"c.yaml", 3, 9}}};
    if (other == std::string("../a.csv"))
      config_.source[1].text = shared("../" + std::filesystem::path(shared_).filename().string() + "/a.csv");
    const Error error = find_failure();
    testing_support::expect_topic(error, Topic::kNamedTwice);
    EXPECT_NE(error.message().find("c.yaml:3:9"), std::string::npos) << error.message();
  }
}

// Standard input of rank 0 for as long as it lives.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) : kept_(::dup(STDIN_FILENO)) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY));
    ::dup2(file.get(), STDIN_FILENO);
  }
  ~StandardInput() { ::dup2(kept_.get(), STDIN_FILENO); }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

 private:
  UniqueFd kept_;
};

TEST_F(FindSources, TakesStandardInputOnce) {
  std::string text = "id,note\n";
  for (int i = 0; i < 300'000; ++i) text += fmt::format("{},\"l\nl\"\n", i);
  if (world_.is_root()) testing_support::write_text(shared("in"), testing_support::gzip(text));
  world_.barrier();
  config_.source = {{"-", {"c.yaml", 3, 9}}};
  {
    const StandardInput input(shared("in"));
    const Dataset dataset = ingest_together().dataset;
    EXPECT_EQ(dataset.rows(), 300'000U);
    EXPECT_EQ(dataset.sources[0].name, "stdin");
    EXPECT_EQ(dataset.sources[0].digest, digest_of(testing_support::gzip(text)));
  }
  expect_no_temporary_files();
  config_.source.push_back(config_.source[0]);
  const StandardInput input(shared("in"));
  testing_support::expect_topic(find_failure(), Topic::kNamedTwice);
}

TEST_F(FindSources, FailsOnAllRanksForAFileThatCannotBeRead) {
  source("a.csv", "x\n1\n");
  config_.source.push_back({shared("b.csv"), {}});
  EXPECT_THROW(find(), Error);
  config_.source.clear();
  EXPECT_THROW(find(), Error);
}

}  // namespace
}  // namespace millrace
