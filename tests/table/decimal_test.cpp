#include "table/decimal.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "table/column.hpp"
#include "table/format.hpp"
#include "table/parse.hpp"

namespace millrace {
namespace {

constexpr ColumnType kPrice = ColumnType::decimal(5, 2);
constexpr std::int64_t kNone = -777;

std::int64_t price(std::string_view text, ColumnType type = kPrice) {
  std::int64_t value = kNone;
  parse_decimal(text, type, value);
  return value;
}

TEST(Decimal, DigitsAreTakenAsTheyStand) {
  EXPECT_EQ(price("12.50"), 1250);
  EXPECT_EQ(price("12.5"), 1250);
  EXPECT_EQ(price("12"), 1200);
  EXPECT_EQ(price("12."), 1200);
  EXPECT_EQ(price("-0.05"), -5);
  EXPECT_EQ(price("+999.99"), 99999);
  EXPECT_EQ(price("0"), 0);
  EXPECT_EQ(price("-0.00"), 0);
  EXPECT_EQ(price("00012.50"), 1250);
}

TEST(Decimal, ZerosBehindTheScaleChangeNothingAndOtherDigitsDo) {
  EXPECT_EQ(price("12.5000000000000000000000000"), 1250);
  EXPECT_EQ(price("12.505"), kNone);
  EXPECT_EQ(price("12.500000000000000000000000001"), kNone);
}

TEST(Decimal, MoreDigitsThanThePrecisionAreRefused) {
  EXPECT_EQ(price("1000"), kNone);
  EXPECT_EQ(price("-1000.00"), kNone);
  EXPECT_EQ(price("999.99"), 99999);
  EXPECT_EQ(price("99999999999999999999999999"), kNone);
  EXPECT_EQ(price("999999999999999999", ColumnType::decimal(18, 0)), 999'999'999'999'999'999);
  EXPECT_EQ(price("1000000000000000000", ColumnType::decimal(18, 0)), kNone);
  EXPECT_EQ(price("0.999999999999999999", ColumnType::decimal(18, 18)), 999'999'999'999'999'999);
  EXPECT_EQ(price("1", ColumnType::decimal(18, 18)), kNone);
}

TEST(Decimal, WhatIsNoDecimalIsRefused) {
  for (const char* text : {"", "-", "+", ".", ".5", "-.5", "1e2", "1,5", "1.2.3", "--1", "+-1", " 1", "1 ",
                           "0x1", "1.5-", "nan", "12.5a", "1-2"}) {
    EXPECT_EQ(price(text), kNone) << text;
  }
}

TEST(Decimal, EveryValueOfATypeReadsBackFromItsText) {
  for (std::int64_t value = -99999; value <= 99999; ++value) {
    ASSERT_EQ(price(format_decimal(value, kPrice)), value) << format_decimal(value, kPrice);
  }
}

TEST(Decimal, RandomValuesOfEveryTypeReadBackFromText) {
  CounterRandom random(1);
  for (int precision = 1; precision <= kMaxPrecision; ++precision) {
    for (int scale = 0; scale <= precision; ++scale) {
      const ColumnType type = ColumnType::decimal(precision, scale);
      const auto limit = static_cast<std::uint64_t>(kPowersOfTen[type.precision]);
      for (int i = 0; i < 20; ++i) {
        const auto magnitude = static_cast<std::int64_t>(random.below(limit));
        const std::int64_t value = i % 2 == 0 ? magnitude : -magnitude;
        ASSERT_EQ(price(format_decimal(value, type), type), value) << to_string(type);
      }
    }
  }
}

// The oracle is the parser of real numbers, which rounds correctly.
TEST(Decimal, ItsNumberIsTheRealNumberOfItsText) {
  for (std::int64_t value = -99999; value <= 99999; value += 7) {
    double real = 0;
    ASSERT_TRUE(parse_real(format_decimal(value, kPrice), real));
    ASSERT_EQ(number_of(value, kPrice), real);
    ASSERT_EQ(decimal_of(real, kPrice), value);
  }
}

TEST(Decimal, NumbersBetweenDecimalsAreNone) {
  EXPECT_EQ(decimal_of(0.005, kPrice), std::nullopt);
  EXPECT_EQ(decimal_of(std::nextafter(0.05, 1), kPrice), std::nullopt);
  EXPECT_EQ(decimal_of(1000, kPrice), std::nullopt);
  EXPECT_EQ(decimal_of(NAN, kPrice), std::nullopt);
  EXPECT_EQ(decimal_of(-INFINITY, kPrice), std::nullopt);
  EXPECT_EQ(decimal_of(0x1p54, ColumnType::decimal(18, 0)), std::nullopt);
}

TEST(Decimal, ColumnsShowTheirDigitsAndGiveNumbers) {
  Column column(kPrice);
  ASSERT_TRUE(parse_append("-0.5", column));
  EXPECT_EQ(format_value(column, 0), "-0.50");
  EXPECT_EQ(column.number(0), -0.5);
  EXPECT_EQ(format_number(12.345, kPrice), "12.345");  // a mean
  EXPECT_EQ(format_number(12.3, kPrice), "12.30");
  EXPECT_EQ(parse_failure("12.345", kPrice), "'12.345' is no decimal(5,2)");
}

}  // namespace
}  // namespace millrace
