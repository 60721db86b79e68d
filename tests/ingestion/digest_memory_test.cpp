#include "ingestion/digest_memory.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "ingestion/reference_csv.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(FileStamp, HasSettledTwoSecondsAfterTheLaterOfItsTimes) {
  FileStamp stamp;
  stamp.mtime = 10 * kSecond;
  stamp.ctime = 12 * kSecond;
  EXPECT_FALSE(stamp.settled(14 * kSecond - 1));
  EXPECT_TRUE(stamp.settled(14 * kSecond));
}

class DigestMemoryTest : public testing::Test {
 protected:
  DigestMemoryTest() { testing_support::write_text(source_, "a\n1\n"); }
  void remember(DigestMemory& memory) {
    const StampedDigest taken = take_digest(source_);
    memory.remember(source_, taken.stamp, taken.digest);
  }
  testing_support::TemporaryFolder folder_;
  std::string source_ = folder_ / "a.csv";
  std::string file_ = folder_ / "cache/digests.json";
};

TEST_F(DigestMemoryTest, RemembersBetweenRuns) {
  DigestMemory memory(file_);
  remember(memory);
  memory.save();
  EXPECT_EQ(DigestMemory(file_).find(source_, stamp_of(source_)), digest_of("a\n1\n"));
}

TEST_F(DigestMemoryTest, AnOpenFileHasTheSameStamp) {
  EXPECT_EQ(stamp_of(ReadableFile(source_)), stamp_of(source_));
}

TEST_F(DigestMemoryTest, KnowsThatAFileHasJustChanged) {
  EXPECT_FALSE(take_digest(source_).settled);
}

TEST_F(DigestMemoryTest, RemembersAddressesByWhatTellsTheirVersion) {
  DigestMemory memory(file_);
  memory.remember("s3://bucket/a.csv", {7, "etag"}, digest_of("x"));
  EXPECT_EQ(memory.find("s3://bucket/a.csv", {7, "etag"}), digest_of("x"));
  EXPECT_FALSE(memory.find("s3://bucket/a.csv", {7, "other"}));
  EXPECT_FALSE(memory.find("s3://bucket/../bucket/a.csv", {7, "etag"}));
}

TEST_F(DigestMemoryTest, DoesNotKnowAFileThatIsAnotherNow) {
  DigestMemory memory(file_);
  remember(memory);
  testing_support::write_text(folder_ / "new.csv", "a\n2\n");  // as long as before, but another inode
  std::filesystem::rename(folder_ / "new.csv", source_);
  EXPECT_FALSE(memory.find(source_, stamp_of(source_)));
  EXPECT_FALSE(memory.find(folder_ / "b.csv", stamp_of(source_)));
}

TEST_F(DigestMemoryTest, IsEmptyWhereItsFileIsDamaged) {
  make_folder(folder_ / "cache");
  for (const char* damaged : {"", "{", "[1]", R"({"x": 1})"}) {
    testing_support::write_text(file_, damaged);
    EXPECT_FALSE(DigestMemory(file_).find(source_, stamp_of(source_)));
  }
}

}  // namespace
}  // namespace millrace
