#include "table/format.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "table/parse.hpp"

namespace millrace {
namespace {

constexpr int kSamples = 20'000;

TEST(Format, EveryFiniteRealReadsBackBitForBit) {
  CounterRandom random(1);
  for (int i = 0; i < kSamples; ++i) {
    const auto value = std::bit_cast<double>(random.next_u64());
    if (!std::isfinite(value)) continue;
    double back = 0;
    ASSERT_TRUE(parse_real(format_real(value), back)) << format_real(value);
    ASSERT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(value));
  }
  for (const double value : {0.0, -0.0, 5e-324, std::numeric_limits<double>::max(), 0.1}) {
    double back = 1;
    ASSERT_TRUE(parse_real(format_real(value), back));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(value));
  }
}

TEST(Format, TimestampsReadBack) {
  CounterRandom random(2);
  const auto range = std::uint64_t{8000} * 365 * 86400 * 1'000'000;
  for (int i = 0; i < kSamples; ++i) {
    const auto micros = static_cast<std::int64_t>(random.below(range)) - static_cast<std::int64_t>(range / 8);
    std::int64_t back = 0;
    ASSERT_TRUE(parse_timestamp(format_timestamp(micros), back)) << format_timestamp(micros);
    ASSERT_EQ(back, micros);
  }
}

TEST(Format, ValuesOfEveryTypeReadBack) {
  for (const auto& [type, value] : std::vector<std::pair<ColumnType, std::int64_t>>{
           {ColumnType::kBoolean, 1},
           {ColumnType::kInteger, std::numeric_limits<std::int64_t>::min()},
           {ColumnType::kDate, -719'528},
           {ColumnType::kTimestamp, -1}}) {
    Column column(type);
    column.append_integer(value);
    ASSERT_TRUE(parse_append(format_value(column, 0), column)) << to_string(type);
    EXPECT_EQ(column.integers[1], value) << to_string(type);
  }
}

TEST(Format, MissingValuesAreEmpty) {
  Column column(ColumnType::kReal);
  column.append_missing();
  EXPECT_EQ(format_value(column, 0), "");
}

TEST(Format, NumbersByColumnType) {
  EXPECT_EQ(format_number(1e15, ColumnType::kInteger), "1000000000000000");
  EXPECT_EQ(format_number(2.5, ColumnType::kInteger), "2.5");
  EXPECT_EQ(format_number(1e300, ColumnType::kInteger), "1e+300");
  EXPECT_EQ(format_number(1, ColumnType::kBoolean), "true");
  EXPECT_EQ(format_number(0.25, ColumnType::kBoolean), "0.25");
  EXPECT_EQ(format_number(20'000.6, ColumnType::kDate), "2024-10-05");
  EXPECT_EQ(format_number(0, ColumnType::kTimestamp), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_number(std::nan(""), ColumnType::kInteger), "nan");
}

}  // namespace
}  // namespace millrace
