#include "ingestion/gzip.hpp"

#include <cerrno>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "ingestion/gzip_text.hpp"
#include "ingestion/reference_csv.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::gzip;

class FullDisk : public FileOperations {
 public:
  long write(int, const char*, std::size_t) override {
    errno = ENOSPC;
    return -1;
  }
};

class Gzip : public testing::Test {
 protected:
  Gzip() { make_folder(place()); }
  [[nodiscard]] std::string place() const { return folder_ / "tmp"; }

  std::string unpack(const std::string& packed) {
    testing_support::write_text(folder_ / "a.csv.gz", packed);
    const UnpackedGzip unpacked(ReadableFile(folder_ / "a.csv.gz"), place());
    std::string text = read_file(unpacked.path());
    EXPECT_EQ(unpacked.bytes(), text.size());
    return text;
  }
  // What unpacking fails with; nothing may be left of it.
  Error failure(const std::string& packed) {
    Error failure(ExitCode::kDone, "no error");
    try {
      unpack(packed);
    } catch (const Error& error) {
      failure = error;
    }
    EXPECT_TRUE(list_folder(place()).empty());
    return failure;
  }
  void expect_failure(const std::string& packed, Topic topic, const std::string& words) {
    const Error error = failure(packed);
    testing_support::expect_topic(error, topic);
    EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("a.csv.gz"), std::string::npos) << error.message();
  }

  testing_support::TemporaryFolder folder_;
};

// Half of the bytes repeat and half do not, so that both sides cross the borders of buffers.
std::string some_text(std::size_t size) {
  CounterRandom random(derive_key({size}));
  std::string text;
  while (text.size() < size)
    text += random.below(2) == 0 ? "again and again" : std::to_string(random.next_u64());
  text.resize(size);
  return text;
}

TEST_F(Gzip, UnpacksTextsOfAnySize) {
  constexpr std::size_t kMiB = std::size_t{1} << 20U;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kMiB - 1, kMiB, kMiB + 1, 5 * kMiB + 7}) {
    const std::string text = some_text(size);
    EXPECT_TRUE(unpack(gzip(text)) == text) << size;
  }
}

TEST_F(Gzip, TakesMembersThatFollowOneAnotherAsOneText) {
  EXPECT_EQ(unpack(gzip("a,b\n1,") + gzip("") + gzip("2\n") + gzip(some_text(3'000'000))),
            "a,b\n1,2\n" + some_text(3'000'000));
}

TEST_F(Gzip, LeavesNothingBehind) {
  EXPECT_EQ(unpack(gzip("a\n")), "a\n");
  EXPECT_TRUE(list_folder(place()).empty());
}

TEST_F(Gzip, IsKnownByItsContentNotItsName) {
  testing_support::write_text(folder_ / "plain.gz", "a,b\n");
  EXPECT_FALSE(is_gzip(ReadableFile(folder_ / "plain.gz")));
  testing_support::write_text(folder_ / "packed.csv", gzip("a,b\n"));
  EXPECT_TRUE(is_gzip(ReadableFile(folder_ / "packed.csv")));
  for (const char* text : {"", "\x1f"}) {
    testing_support::write_text(folder_ / "short", text);
    EXPECT_FALSE(is_gzip(ReadableFile(folder_ / "short")));
  }
}

TEST_F(Gzip, NoticesEveryCut) {
  const std::string packed = gzip(some_text(500));
  for (std::size_t size = 2; size < packed.size(); ++size) {
    const Error error = failure(packed.substr(0, size));
    testing_support::expect_topic(error, Topic::kTruncatedGzip);
    EXPECT_NE(error.message().find(fmt::format("cut off: gzip data ends at byte {}", size)),
              std::string::npos)
        << error.message();
  }
  expect_failure(gzip("a\n") + packed.substr(0, 12), Topic::kTruncatedGzip, "cut off");
}

TEST_F(Gzip, NoticesEveryDamagedByte) {
  constexpr std::size_t kHeader = 10;  // flags aside it says nothing about the text: time, system
  const std::string packed = gzip(some_text(500));
  for (std::size_t i = kHeader; i < packed.size(); ++i) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_EQ(failure(damaged).code(), ExitCode::kDataRejected) << i;
  }
  std::string other_checksum = packed;
  other_checksum[packed.size() - 8] = static_cast<char>(other_checksum[packed.size() - 8] ^ 1);
  expect_failure(other_checksum, Topic::kDamagedGzip, "incorrect data check at byte");
}

TEST_F(Gzip, RefusesWhatFollowsItsEnd) {
  const std::string packed = gzip("a\n");
  for (const char* rest : {"x", "a,b\n1,2\n"}) {
    expect_failure(packed + rest, Topic::kDamagedGzip,
                   fmt::format("behind the end of its gzip data, at byte {}", packed.size()));
  }
}

TEST_F(Gzip, SaysWhenTheDiskIsFull) {
  testing_support::write_text(folder_ / "a.csv.gz", gzip("a\n"));
  FullDisk disk;
  const ScopedFileOperations full(disk);
  try {
    const UnpackedGzip unpacked(ReadableFile(folder_ / "a.csv.gz"), place());
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    testing_support::expect_topic(error, Topic::kDiskFull);
    EXPECT_NE(error.message().find("unpacking '" + (folder_ / "a.csv.gz")), std::string::npos)
        << error.message();
    EXPECT_NE(error.message().find("No space left on device"), std::string::npos) << error.message();
  }
  EXPECT_TRUE(list_folder(place()).empty());
}

}  // namespace
}  // namespace millrace
