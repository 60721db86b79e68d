#include "ingestion/block_gzip.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "ingestion/packed_text.hpp"
#include "ingestion/reference_csv.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::block_gzip;

class BlockGzip : public testing::Test {
 protected:
  static std::string text_of(std::size_t size) {
    CounterRandom random(derive_key({size}));
    std::string text;
    while (text.size() < size) text += static_cast<char>('a' + random.below(9));
    return text;
  }

  std::vector<GzipStretch> stretches(const std::string& packed, std::uint64_t text_bytes) {
    testing_support::write_text(folder_ / "packed", packed);
    return gzip_stretches(ReadableFile(folder_ / "packed"), text_bytes);
  }

  // Stretch by stretch, the last first.
  std::string unpacked(const std::vector<GzipStretch>& stretches) {
    const ReadableFile file(folder_ / "packed");
    const std::string path = folder_ / "text";
    const UniqueFd to(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
    for (auto stretch = stretches.rbegin(); stretch != stretches.rend(); ++stretch)
      unpack_stretch(file, *stretch, to.get(), path);
    return read_file(path);
  }

  testing_support::TemporaryFolder folder_;
};

TEST_F(BlockGzip, IsCutIntoStretchesThatMakeUpTheText) {
  for (const std::size_t size : {0, 1, 1000, 200000}) {
    const std::string text = text_of(size);
    for (const std::size_t block : {100, 60000}) {
      for (const std::uint64_t least : {1, 5000, 1 << 30}) {
        const auto found = stretches(block_gzip(text, block), least);
        std::uint64_t packed_at = 0;
        std::uint64_t text_at = 0;
        for (const GzipStretch& stretch : found) {
          EXPECT_EQ(stretch.begin, packed_at);
          EXPECT_EQ(stretch.text_begin, text_at);
          packed_at = stretch.end;
          text_at += stretch.text_bytes;
          EXPECT_TRUE(stretch.text_bytes >= least || stretch.end == found.back().end);
        }
        EXPECT_EQ(text_at, text.size());
        EXPECT_EQ(unpacked(found), text) << size << " bytes in blocks of " << block;
      }
    }
  }
}

TEST_F(BlockGzip, OtherFilesHaveNoStretches) {
  const std::string text = text_of(5000);
  const std::string blocks = block_gzip(text, 1000);
  for (const std::string& other :
       {std::string(), std::string("\x1f\x8b"), testing_support::gzip(text),
        blocks + testing_support::gzip(text), blocks + "x", blocks.substr(0, blocks.size() - 1),
        blocks.substr(0, blocks.size() / 2), blocks.substr(5),
        testing_support::gzip_with(text, std::string("XY\x02\x00\x01\x02", 6)),
        testing_support::gzip_with(text, std::string("BC\xff\xff\x01\x02", 6)),
        testing_support::gzip_with(text, std::string("BC\x02\x00\x01\x00", 6))}) {
    EXPECT_TRUE(stretches(other, 1).empty()) << other.size();
  }
}

TEST_F(BlockGzip, ReadsWhatStandsBesideTheSizeInTheExtraField) {
  std::string member = testing_support::gzip_with("text", std::string("XY\x01\x00zBC\x02\x00\x00\x00", 11));
  member[21] = static_cast<char>(member.size() - 1);
  const auto found = stretches(member + member, 1);
  EXPECT_EQ(found.size(), 2U);
  EXPECT_EQ(unpacked(found), "texttext");
}

}  // namespace
}  // namespace millrace
