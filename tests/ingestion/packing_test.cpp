#include "ingestion/packing.hpp"

#include <cerrno>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "ingestion/packed_text.hpp"
#include "ingestion/reference_csv.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

class FullDisk : public FileOperations {
 public:
  long write(int, const char*, std::size_t) override {
    errno = ENOSPC;
    return -1;
  }
};

struct Format {
  const char* name;
  std::string (*pack)(const std::string&);
  std::size_t magic;   // bytes by which it is known
  std::size_t header;  // bytes that say nothing about the text
};
constexpr Format kFormats[]{{"gzip", testing_support::gzip, 2, 10}, {"zstd", testing_support::zstd, 4, 5}};

class Packing : public testing::TestWithParam<Format> {
 protected:
  Packing() { make_folder(place()); }
  static std::string pack(const std::string& text) { return GetParam().pack(text); }
  [[nodiscard]] std::string place() const { return folder_ / "tmp"; }

  std::string unpack(const std::string& packed) {
    testing_support::write_text(folder_ / "a.csv.gz", packed);
    const ReadableFile file(folder_ / "a.csv.gz");
    const auto unpacker = unpacker_of(file);
    const UnpackedFile unpacked(file, *unpacker, place());
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

TEST_P(Packing, UnpacksTextsOfAnySize) {
  constexpr std::size_t kMiB = std::size_t{1} << 20U;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kMiB - 1, kMiB, kMiB + 1, 5 * kMiB + 7}) {
    const std::string text = some_text(size);
    EXPECT_TRUE(unpack(pack(text)) == text) << size;
  }
}

TEST_P(Packing, TakesMembersThatFollowOneAnotherAsOneText) {
  EXPECT_EQ(unpack(pack("a,b\n1,") + pack("") + pack("2\n") + pack(some_text(3'000'000))),
            "a,b\n1,2\n" + some_text(3'000'000));
}

TEST_P(Packing, LeavesNothingBehind) {
  EXPECT_EQ(unpack(pack("a\n")), "a\n");
  EXPECT_TRUE(list_folder(place()).empty());
}

TEST_P(Packing, IsKnownByItsContentNotItsName) {
  const auto is_packed = [&](const std::string& name, const std::string& text) {
    testing_support::write_text(folder_ / name, text);
    return unpacker_of(ReadableFile(folder_ / name)) != nullptr;
  };
  EXPECT_FALSE(is_packed("plain.gz", "a,b\n"));
  EXPECT_TRUE(is_packed("packed.csv", pack("a,b\n")));
  for (std::size_t size = 0; size < GetParam().magic; ++size)
    EXPECT_FALSE(is_packed("short", pack("a,b\n").substr(0, size)));
}

TEST_P(Packing, NoticesEveryCut) {
  const std::string packed = pack(some_text(500));
  for (std::size_t size = GetParam().magic; size < packed.size(); ++size) {
    const Error error = failure(packed.substr(0, size));
    testing_support::expect_topic(error, Topic::kTruncatedPacking);
    EXPECT_NE(error.message().find(fmt::format("cut off: {} data ends at byte {}", GetParam().name, size)),
              std::string::npos)
        << error.message();
  }
  expect_failure(pack("a\n") + packed.substr(0, 12), Topic::kTruncatedPacking, "cut off");
}

// Or gives the text all the same: a few bits of zstd's tables have no effect on what they decode.
TEST_P(Packing, NoticesEveryDamagedByte) {
  const std::string text = some_text(500);
  const std::string packed = pack(text);
  std::size_t noticed = 0;
  for (std::size_t i = GetParam().header; i < packed.size(); ++i) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    try {
      EXPECT_EQ(unpack(damaged), text) << i;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kDataRejected) << i;
      ++noticed;
    }
    EXPECT_TRUE(list_folder(place()).empty());
  }
  EXPECT_GT(noticed, (packed.size() - GetParam().header) * 9 / 10);
  std::string damaged = packed;
  damaged[packed.size() - 5] = static_cast<char>(damaged[packed.size() - 5] ^ 1);
  expect_failure(damaged, Topic::kDamagedPacking, fmt::format("is damaged: {} data with", GetParam().name));
}

TEST(Gzip, NamesAWrongChecksum) {
  const testing_support::TemporaryFolder folder;
  std::string packed = testing_support::gzip("a,b\n1,2\n");
  packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);
  testing_support::write_text(folder / "a.csv.gz", packed);
  const ReadableFile file(folder / "a.csv.gz");
  try {
    unpacker_of(file)->read();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("incorrect data check at byte"), std::string::npos) << error.message();
  }
}

TEST(Zstd, PassesOverFramesThatAreToBeSkipped) {
  const testing_support::TemporaryFolder folder;
  const std::string skipped("\x53\x2a\x4d\x18\x03\0\0\0xyz", 11);
  testing_support::write_text(folder / "a.zst", skipped + testing_support::zstd("a\n") + skipped);
  const ReadableFile file(folder / "a.zst");
  EXPECT_EQ(unpacker_of(file)->read(), "a\n");
}

TEST_P(Packing, RefusesWhatFollowsItsEnd) {
  const std::string packed = pack("a\n");
  for (const char* rest : {"x", "a,b\n1,2\n"}) {
    expect_failure(packed + rest, Topic::kDamagedPacking,
                   fmt::format("behind the end of its {} data, at byte {}", GetParam().name, packed.size()));
  }
}

TEST_P(Packing, SaysWhenTheDiskIsFull) {
  testing_support::write_text(folder_ / "a.csv.gz", pack("a\n"));
  FullDisk disk;
  const ScopedFileOperations full(disk);
  try {
    const ReadableFile file(folder_ / "a.csv.gz");
    const auto unpacker = unpacker_of(file);
    const UnpackedFile unpacked(file, *unpacker, place());
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    testing_support::expect_topic(error, Topic::kDiskFull);
    EXPECT_NE(error.message().find("unpacking '" + (folder_ / "a.csv.gz")), std::string::npos)
        << error.message();
    EXPECT_NE(error.message().find("No space left on device"), std::string::npos) << error.message();
  }
  EXPECT_TRUE(list_folder(place()).empty());
}

INSTANTIATE_TEST_SUITE_P(Formats, Packing, testing::ValuesIn(kFormats),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace millrace
