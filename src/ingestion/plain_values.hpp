// Values that are plainly of their type: most are, and where all values before were of it, such a one says
// nothing new about the column's type. True only where that is plain to see.
#pragma once

#include <string_view>

#include "table/parse.hpp"

namespace millrace {

inline constexpr std::size_t kSafeDigits = 15;  // any whole number of so many digits is a double exactly

// Of a type all values of which are alike.
inline bool any_value(std::string_view /*parsed*/) {
  return true;
}

// Whether a number keeps its digits as a real: it is short, or no whole number.
inline bool is_short_or_fraction(std::string_view number) {
  return number.size() <= kSafeDigits || number.find('.') != std::string_view::npos;
}

inline bool is_plain_number(std::string_view parsed) {
  const char first = parsed[parsed[0] == '-' ? 1 : 0];
  return first <= '9' && first >= '0' && !has_leading_zero(parsed) && is_short_or_fraction(parsed);
}

inline bool is_plain_time(std::string_view parsed) {
  return parsed.size() >= 10 && parsed[4] == '-' && parsed[0] <= '9' && parsed[0] >= '0';
}

// Begins with a letter, as no number, no time and no quoted text does.
inline bool is_plain_word(std::string_view value) {
  if (value.empty()) return false;
  const auto lower = static_cast<unsigned char>(static_cast<unsigned char>(value[0]) | 0x20U);
  return lower >= 'a' && lower <= 'z';
}

}  // namespace millrace
