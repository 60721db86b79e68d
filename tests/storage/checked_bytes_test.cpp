#include "storage/checked_bytes.hpp"

#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "base/random.hpp"
#include "support/tables.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;

constexpr std::uint64_t kOffset = 1234;
constexpr std::uint64_t kPiece = 16384;

std::string random_text(std::size_t size) {
  CounterRandom random(size + 1);
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>(random.below(256));
  return text;
}

class CheckedBytesOfSize : public testing::TestWithParam<std::size_t> {
 protected:
  CheckedBytesOfSize()
      : text_(random_text(GetParam())), bytes_{"x", kOffset, text_.size(), checks_of(text_)} {
    write(text_);
  }
  void write(const std::string& text) const {
    publish_file(folder_ / "file", std::string(kOffset, '?') + text + "what follows");
  }
  [[nodiscard]] std::string read(std::uint64_t first, std::size_t size) const {
    std::string to(size, '\0');
    read_checked(ReadableFile(folder_ / "file"), bytes_, first, to);
    return to;
  }

  testing_support::TemporaryFolder folder_;
  std::string text_;
  CheckedBytes bytes_;
};

TEST_P(CheckedBytesOfSize, AnyPartReadsAsItWasWritten) {
  EXPECT_EQ(bytes_.checks.size(), check_count(text_.size()));
  EXPECT_TRUE(read(0, text_.size()) == text_);
  EXPECT_EQ(read(text_.size(), 0), "");
  CounterRandom random(7);
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t first = random.below(text_.size() + 1);
    const std::uint64_t size = random.below(text_.size() - first + 1);
    ASSERT_TRUE(read(first, size) == text_.substr(first, size)) << first << " " << size;
  }
}

TEST_P(CheckedBytesOfSize, AFlippedBitIsToldWhereverItIsAndNowhereElse) {
  CounterRandom random(8);
  for (int i = 0; i < 30 && !text_.empty(); ++i) {
    const std::uint64_t at = random.below(text_.size());
    std::string flipped = text_;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << random.below(8)));
    write(flipped);
    const std::uint64_t begin = at - at % kPiece;
    const std::uint64_t end = std::min(begin + kPiece, text_.size());
    const std::string says =
        fmt::format("bytes {} to {} of 'x' are not those that were written", begin, end - 1);
    EXPECT_EQ(error_of([&] { (void)read(0, text_.size()); }), "6: " + says);
    EXPECT_EQ(error_of([&] { (void)read(end - 1, 1); }), "6: " + says) << "another byte of the same piece";
    EXPECT_TRUE(read(0, begin) == text_.substr(0, begin));
    EXPECT_TRUE(read(end, text_.size() - end) == text_.substr(end));
  }
}

TEST_P(CheckedBytesOfSize, AFileCutShortIsAnError) {
  if (text_.empty()) return;
  publish_file(folder_ / "file", std::string(kOffset, '?') + text_.substr(0, text_.size() - 1));
  EXPECT_TRUE(contains(error_of([&] { (void)read(0, text_.size()); }), "it ends within"));
}

INSTANTIATE_TEST_SUITE_P(Sizes, CheckedBytesOfSize,
                         testing::Values(0, 1, kPiece - 1, kPiece, kPiece + 1, 16 * kPiece, 17 * kPiece + 5));

}  // namespace
}  // namespace millrace
