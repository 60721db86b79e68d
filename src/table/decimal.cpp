#include "table/decimal.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "table/cursor.hpp"

namespace millrace {

namespace {

std::size_t digits_at_begin(std::string_view text) {
  const auto other = std::ranges::find_if_not(text, is_digit);
  return static_cast<std::size_t>(other - text.begin());
}

// False where the magnitude would reach the limit, which is 10^18 at most.
bool append_digits(std::string_view digits, std::uint64_t limit, std::uint64_t& magnitude) {
  for (const char c : digits) {
    magnitude = magnitude * 10 + static_cast<std::uint64_t>(c - '0');
    if (magnitude >= limit) return false;
  }
  return true;
}

// ".50" as "50"; false where it is no fraction.
bool read_fraction(std::string_view& text) {
  if (text.empty()) return true;
  if (text[0] != '.') return false;
  text.remove_prefix(1);
  return digits_at_begin(text) == text.size();
}

bool parse_magnitude(std::string_view text, ColumnType type, std::uint64_t& magnitude) {
  const std::string_view whole = text.substr(0, digits_at_begin(text));
  std::string_view fraction = text.substr(whole.size());
  if (whole.empty() || !read_fraction(fraction)) return false;
  while (fraction.size() > type.scale && fraction.back() == '0') fraction.remove_suffix(1);
  if (fraction.size() > type.scale) return false;
  const std::size_t absent = type.scale - fraction.size();
  const auto limit = static_cast<std::uint64_t>(kPowersOfTen[type.precision - absent]);
  magnitude = 0;
  if (!append_digits(whole, limit, magnitude) || !append_digits(fraction, limit, magnitude)) return false;
  magnitude *= static_cast<std::uint64_t>(kPowersOfTen[absent]);
  return true;
}

}  // namespace

bool parse_decimal(std::string_view text, ColumnType type, std::int64_t& value) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::uint64_t magnitude = 0;
  if (!parse_magnitude(text, type, magnitude)) return false;
  value = negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
  return true;
}

std::optional<std::int64_t> decimal_of(double number, ColumnType type) {
  constexpr double kLargestExact = 0x1p53;
  const double scaled = std::round(number * static_cast<double>(kPowersOfTen[type.scale]));
  const double limit = std::min(kLargestExact, static_cast<double>(kPowersOfTen[type.precision]));
  if (!(std::abs(scaled) < limit)) return std::nullopt;  // true for NaN too
  const auto value = static_cast<std::int64_t>(scaled);
  return number_of(value, type) == number ? std::optional(value) : std::nullopt;
}

std::string format_decimal(std::int64_t value, ColumnType type) {
  const std::int64_t power = kPowersOfTen[type.scale];
  const std::int64_t magnitude = value < 0 ? -value : value;
  const char* const sign = value < 0 ? "-" : "";
  if (type.scale == 0) return fmt::format("{}{}", sign, magnitude);
  return fmt::format("{}{}.{:0{}}", sign, magnitude / power, magnitude % power, type.scale);
}

}  // namespace millrace
