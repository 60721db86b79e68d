#include "statistics/packed_counts.hpp"

#include <random>

#include <gtest/gtest.h>

#include "base/encodings.hpp"
#include "base/error.hpp"

namespace millrace {
namespace {

TEST(PackedCounts, ComeBack) {
  constexpr std::uint64_t kLargest = ~std::uint64_t{0};
  for (const BitCounts& counts :
       {BitCounts{}, BitCounts{{0, 1}}, BitCounts{{0, kLargest}, {1, 127}, {kLargest, 128}}})
    EXPECT_EQ(unpack_counts(pack_counts(counts)), counts);
  std::mt19937_64 random(1);
  BitCounts counts;
  for (std::uint64_t bits = random() >> 20U; counts.size() < 5000; bits += 1 + (random() >> 20U))
    counts.emplace_back(bits, 1 + (random() >> 50U));
  EXPECT_EQ(unpack_counts(pack_counts(counts)), counts);
}

TEST(PackedCounts, RefuseWhatIsDamaged) {
  const std::string zero(1, '\0');
  for (const std::string& bytes :
       {std::string("\x05"), "\x05" + zero, std::string("\x05\x01") + zero + "\x01", std::string("\x85"),
        std::string(10, '\xff') + "\x01", std::string(9, '\xff') + "\x01\x01\x01\x01"})
    EXPECT_THROW((void)unpack_counts(base64(bytes)), Error);
  EXPECT_THROW((void)unpack_counts("====="), Error);
}

// Every prefix of a text is refused, or is that of fewer numbers.
TEST(PackedCounts, PrefixesAreNoOtherNumbers) {
  const BitCounts counts{{5, 1}, {300, 2}, {301, 70000}};
  const std::string text = pack_counts(counts);
  for (std::size_t length = 0; length < text.size(); ++length) {
    try {
      const BitCounts fewer = unpack_counts(text.substr(0, length));
      EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), counts.begin()));
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace millrace
