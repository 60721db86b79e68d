#include "ingestion/digest_memory.hpp"
#include "ingestion/ingest_fixture.hpp"

namespace millrace {
namespace {

class FindSources : public testing_support::IngestTest {
 protected:
  std::vector<SourceFile> find(bool verify = false) {
    world_.agree([&] {
      if (world_.is_root()) workspace().prepare();
    });
    return find_sources(world_, config_, workspace(), paths_, verify);
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
    memory.remember(paths_.emplace_back(shared("a.csv")),
                    {stamp_of(shared("a.csv")), digest_of("believed"), true});
    memory.save();
  }
  world_.barrier();
  EXPECT_EQ(find()[0].digest, digest_of("believed"));
  EXPECT_EQ(find()[1].digest, digest_of("x\n2\n"));
  EXPECT_EQ(find(true)[0].digest, digest_of("x\n1\n"));
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
