#include "table/parse.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "table/format.hpp"
#include "types.hpp"

namespace millrace {
namespace {

// The parsed value as text, or "-" where there is none.
std::string parsed(std::string_view text, ColumnType type) {
  Column column(type);
  if (!parse_append(text, column)) {
    EXPECT_EQ(column.size(), 0U) << text;
    return "-";
  }
  EXPECT_EQ(column.size(), 1U) << text;
  return format_value(column, 0);
}

TEST(Parse, NothingAndBlanksAreValuesOfNoType) {
  for (const ColumnType type : kParsedTypes) {
    for (const char* text : {"", " ", " 1", "1 ", " true", "2026-01-01 ", "-", "+", ".", "\t"}) {
      EXPECT_EQ(parsed(text, type), "-") << "'" << text << "' as " << to_string(type);
    }
  }
}

TEST(Parse, Booleans) {
  EXPECT_EQ(parsed("TRUE", ColumnType::kBoolean), "true");
  EXPECT_EQ(parsed("False", ColumnType::kBoolean), "false");
  for (const char* text : {"yes", "1", "t", "truee", "tru\xc5"}) {
    EXPECT_EQ(parsed(text, ColumnType::kBoolean), "-") << text;
  }
}

TEST(Parse, IntegersUpToSixtyFourBits) {
  EXPECT_EQ(parsed("9223372036854775807", ColumnType::kInteger), "9223372036854775807");
  EXPECT_EQ(parsed("-9223372036854775808", ColumnType::kInteger), "-9223372036854775808");
  EXPECT_EQ(parsed("+7", ColumnType::kInteger), "7");
  EXPECT_EQ(parsed("007", ColumnType::kInteger), "7") << "a declared type is the user's word";
  for (const char* text :
       {"9223372036854775808", "-9223372036854775809", "4o", "1.0", "1e3", "0x10", "--1", "+-1", "1,000"}) {
    EXPECT_EQ(parsed(text, ColumnType::kInteger), "-") << text;
  }
}

TEST(Parse, Reals) {
  EXPECT_EQ(parsed("-.5e-3", ColumnType::kReal), "-0.0005");
  EXPECT_EQ(parsed("5.", ColumnType::kReal), "5");
  EXPECT_EQ(parsed("+1E2", ColumnType::kReal), "100");
  for (const char* text :
       {"inf", "-inf", "nan", "NaN", "infinity", "1e999", "-1e999", "1e", "0x1p3", "1.2.3", "1,5"}) {
    EXPECT_EQ(parsed(text, ColumnType::kReal), "-") << text;
  }
}

// Against the standard library's conversion, which rounds correctly.
TEST(Parse, PlainRealsRoundCorrectly) {
  CounterRandom random(derive_key({3}));
  for (int round = 0; round < 200'000; ++round) {
    std::string text = random.below(2) == 0 ? "-" : "";
    const std::size_t digits = 1 + random.below(20);
    const std::size_t point = random.below(digits + 1);
    for (std::size_t i = 0; i < digits; ++i) {
      if (i == point) text += '.';
      text += static_cast<char>('0' + random.below(10));
    }
    double expected = 0;
    std::from_chars(text.data(), text.data() + text.size(), expected);
    double value = 0;
    ASSERT_TRUE(parse_real(text, value)) << text;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(expected)) << text;
  }
}

TEST(Parse, DatesMustExist) {
  std::int64_t days = 0;
  ASSERT_TRUE(parse_date("1970-01-01", days));
  EXPECT_EQ(days, 0);
  ASSERT_TRUE(parse_date("1969-12-31", days));
  EXPECT_EQ(days, -1);
  EXPECT_EQ(parsed("2024-02-29", ColumnType::kDate), "2024-02-29");
  EXPECT_EQ(parsed("2000-02-29", ColumnType::kDate), "2000-02-29");
  for (const char* text : {"2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00",
                           "2026-1-01", "26-01-01", "2026/01/01", "2026-01-01T00:00", "+026-01-01"}) {
    EXPECT_EQ(parsed(text, ColumnType::kDate), "-") << text;
  }
}

TEST(Parse, EveryDayOfFourCenturiesReadsBack) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  ASSERT_TRUE(parse_date("1800-01-01", first) && parse_date("2200-01-01", last));
  ASSERT_EQ(last - first, 400 * 365 + 97);
  for (std::int64_t day = first; day < last; ++day) {
    std::int64_t back = 0;
    ASSERT_TRUE(parse_date(format_date(day), back));
    ASSERT_EQ(back, day);
  }
}

TEST(Parse, TimestampsAreUtcUnlessTheySayOtherwise) {
  const auto utc = [](std::string_view text) { return parsed(text, ColumnType::kTimestamp); };
  EXPECT_EQ(utc("2026-11-24T03:26"), "2026-11-24T03:26:00Z");
  EXPECT_EQ(utc("2026-11-24 03:26:05Z"), "2026-11-24T03:26:05Z");
  EXPECT_EQ(utc("2026-11-24T03:26:05.25+02:30"), "2026-11-24T00:56:05.25Z");
  EXPECT_EQ(utc("2026-12-31T23:30:00-01:00"), "2027-01-01T00:30:00Z");
  EXPECT_EQ(utc("1969-12-31T23:59:59.999999Z"), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(utc("2026-11-24T03:26:00.1234567899Z"), "2026-11-24T03:26:00.123456Z");
  EXPECT_EQ(utc("2026-11-24"), "2026-11-24T00:00:00Z");
  for (const char* text :
       {"2026-11-24T", "2026-11-24T24:00", "2026-11-24T03:60", "2026-11-24T03:26:60", "2026-11-24T03:26:00.",
        "2026-11-24T03", "2026-11-24T03:26ZZ", "2026-11-24T03:26+2:00", "2026-11-24T03:26+24:00",
        "2026-11-24t03:26", "0000-01-01T00:00+01:00", "9999-12-31T23:30-01:00"}) {
    EXPECT_EQ(utc(text), "-") << text;
  }
}

TEST(Parse, FailureSaysWhatWasExpected) {
  EXPECT_EQ(parse_failure("4o", ColumnType::kInteger), "'4o' is no integer");
  EXPECT_EQ(parse_failure("9223372036854775808", ColumnType::kInteger),
            "'9223372036854775808' is no integer of 64 bits");
  EXPECT_EQ(parse_failure("1.5", ColumnType::kInteger), "'1.5' is no integer");
  EXPECT_EQ(parse_failure("2023-02-29", ColumnType::kDate), "'2023-02-29' is no date (YYYY-MM-DD)");
}

TEST(Parse, TextColumnsAreFilledByTextAppenderAlone) {
  Column column(ColumnType::kText);
  EXPECT_THROW(parse_append("x", column), Error);
}

}  // namespace
}  // namespace millrace
