// Decimals: integers of at most 18 digits, times a power of ten.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "table/schema.hpp"

namespace millrace {

inline constexpr std::array<std::int64_t, kMaxPrecision + 1> kPowersOfTen = [] {
  std::array<std::int64_t, kMaxPrecision + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = 10 * powers[i - 1];
  return powers;
}();

// The number that an integer of a column stands for, correctly rounded where the integer is below 2^53: it
// and the power are doubles exactly then.
inline double number_of(std::int64_t integer, ColumnType type) {
  const auto whole = static_cast<double>(integer);
  return type.scale == 0 ? whole : whole / static_cast<double>(kPowersOfTen[type.scale]);
}

// [-+]digits[.digits], no more of them than the type has; zeros at the end of the fraction may be missing or
// too many. False, and `value` is as before, where the text is none.
bool parse_decimal(std::string_view text, ColumnType type, std::int64_t& value);

// The decimal whose nearest double this is; none where there is no such decimal, or so many digits that one
// double stands for several.
std::optional<std::int64_t> decimal_of(double number, ColumnType type);
// With all digits of the scale: -0.50
std::string format_decimal(std::int64_t value, ColumnType type);

}  // namespace millrace
