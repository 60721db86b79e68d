// Values without a loop are those of the parsers that take all texts, whatever stands behind them in the
// buffer.
#include "table/short_values.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "table/parse.hpp"
#include "table/text_index.hpp"

namespace millrace {
namespace {

constexpr int kTexts = 200'000;

// A text of up to 12 of the characters, between others.
class RandomText {
 public:
  RandomText(std::string_view characters, std::uint64_t key) : characters_(characters), random_(key) {}

  PaddedText next() {
    buffer_.clear();
    const std::size_t size = 1 + random_.below(12);
    for (std::size_t i = 0; i < size + kPadding; ++i)
      buffer_ += characters_[random_.below(characters_.size())];
    return PaddedText(std::string_view(buffer_).substr(0, size));
  }

 private:
  std::string_view characters_;
  CounterRandom random_;
  std::string buffer_;
};

PaddedText padded(std::string& text) {
  const std::size_t size = text.size();
  text += "9999999999999999";
  return PaddedText(std::string_view(text).substr(0, size));
}

TEST(ShortValues, IntegersAreThoseOfTheGeneralParser) {
  RandomText texts("0123456789-+. x", 1);
  int parsed = 0;
  for (int i = 0; i < kTexts; ++i) {
    const PaddedText text = texts.next();
    std::int64_t value = 0;
    if (!parse_short_integer(text, value)) continue;
    ++parsed;
    std::int64_t expected = 0;
    ASSERT_TRUE(parse_integer(text, expected)) << text.view();
    ASSERT_EQ(value, expected) << text.view();
  }
  EXPECT_GT(parsed, kTexts / 50);
}

TEST(ShortValues, RealsAreThoseOfTheGeneralParser) {
  RandomText texts("0123456789.-+e x", 2);
  int parsed = 0;
  for (int i = 0; i < kTexts; ++i) {
    const PaddedText text = texts.next();
    double value = 0;
    if (!parse_short_real(text, value)) continue;
    ++parsed;
    double expected = 0;
    ASSERT_TRUE(parse_real(text, expected)) << text.view();
    ASSERT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(expected)) << text.view();
  }
  EXPECT_GT(parsed, kTexts / 50);
}

TEST(ShortValues, DatesAreThoseOfTheGeneralParser) {
  CounterRandom random(3);
  for (int i = 0; i < kTexts; ++i) {
    std::string text = "2024-02-29";
    if (random.below(4) != 0) text[random.below(text.size())] = "0123456789-x"[random.below(12)];
    if (random.below(4) != 0) text[random.below(text.size())] = "0123456789-x"[random.below(12)];
    const std::string shown = text;
    const PaddedText date = padded(text);
    std::int64_t value = 0;
    std::int64_t expected = 0;
    ASSERT_EQ(parse_plain_date(date, value), parse_date(date, expected)) << shown;
    ASSERT_EQ(value, expected) << shown;
  }
}

TEST(ShortValues, TakesWhatIsShort) {
  for (std::string text : {"0", "7", "12345678", "-1", "-12345678", "007"}) {
    std::int64_t value = 0;
    EXPECT_TRUE(parse_short_integer(padded(text), value)) << text;
  }
  for (std::string text : {"0", "1.5", "-0", "-0.25", ".5", "5.", "1234567.", "-.5"}) {
    double value = 0;
    EXPECT_TRUE(parse_short_real(padded(text), value)) << text;
  }
}

TEST(ShortValues, LeavesTheRestToTheGeneralParser) {
  for (std::string text : {"", "-", ".", "-.", "+1", "123456789", "1.2.3", "1e5", "x", " 1", "1 "}) {
    const std::string shown = text;
    const PaddedText field = padded(text);
    double real = 0;
    std::int64_t integer = 0;
    EXPECT_FALSE(parse_short_real(field, real)) << shown;
    EXPECT_FALSE(parse_short_integer(field, integer)) << shown;
  }
}

TEST(TextKey, DoesNotDependOnWhatStandsBehindTheText) {
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string text(size, 'k');
    std::string other = text + std::string(kPadding, 'z');
    const PaddedText with_others(std::string_view(other).substr(0, size));
    EXPECT_EQ(key_of(std::string_view(text)), key_of(with_others)) << size;
  }
}

}  // namespace
}  // namespace millrace
