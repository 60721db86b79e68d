// Numbers of up to eight characters, and dates, without a loop over characters: most fields are such ones,
// and a loop of varying length costs more than all else about them. Eight digits become a number as by D.
// Lemire, "Quickly parsing eight digits" (2018). Each function returns false where the text is not such a
// value: the functions of parse.hpp decide then.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "table/calendar.hpp"
#include "table/padded_text.hpp"

namespace millrace {

namespace short_values {

constexpr std::uint64_t in_each_byte(std::uint8_t byte) {
  return byte * std::uint64_t{0x0101010101010101};
}

inline constexpr std::uint64_t kZeros = in_each_byte('0');

// Digits are 0 … 9 where the character '0' has been taken away; all other characters are more.
inline bool are_digits(std::uint64_t digits) {
  return ((digits | (digits + in_each_byte(0x76))) & in_each_byte(0x80)) == 0;
}

// Of eight digits, the first one lowest: pairs, then fours, then all.
inline std::uint64_t number_of(std::uint64_t digits) {
  constexpr std::uint64_t kEveryFourth = 0x000000ff000000ff;
  digits = digits * 10 + (digits >> 8U);
  return ((digits & kEveryFourth) * (100 + (std::uint64_t{1000000} << 32U)) +
          (digits >> 16U & kEveryFourth) * (1 + (std::uint64_t{10000} << 32U))) >>
         32U;
}

// The characters as digits, those of a shorter text behind leading zeros. `size` is 1 … 8.
inline std::uint64_t digits_of(const PaddedText& text, std::size_t at, std::size_t size) {
  return (text.word(at) ^ kZeros) << (8 * (8 - size));
}

// The lowest bit of the first byte that is `byte` and perhaps others above it; 0 where none is.
inline std::uint64_t find_byte(std::uint64_t word, std::uint8_t byte) {
  const std::uint64_t others = word ^ in_each_byte(byte);
  return (others - in_each_byte(1)) & ~others & in_each_byte(0x80);
}

}  // namespace short_values

// [-]digits
inline bool parse_short_integer(const PaddedText& text, std::int64_t& value) {
  const bool negative = text.view().front() == '-';
  const std::size_t size = text.size() - (negative ? 1 : 0);
  if (size - 1 >= 8) return false;
  const std::uint64_t digits = short_values::digits_of(text, negative ? 1 : 0, size);
  if (!short_values::are_digits(digits)) return false;
  const auto magnitude = static_cast<std::int64_t>(short_values::number_of(digits));
  value = negative ? -magnitude : magnitude;
  return true;
}

// [-]digits[.digits], or with digits behind the point alone. Digits and the power of ten are doubles exactly,
// so that the division rounds correctly.
inline bool parse_short_real(const PaddedText& text, double& value) {
  static constexpr std::array<double, 8> kPowers{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};
  const bool negative = text.view().front() == '-';
  const std::size_t size = text.size() - (negative ? 1 : 0);
  if (size - 1 >= 8) return false;
  std::uint64_t digits = short_values::digits_of(text, negative ? 1 : 0, size);
  std::size_t places = 0;
  if (const std::uint64_t points = short_values::find_byte(digits, '.' ^ '0'); points != 0) {
    if (size == 1) return false;
    const auto at = static_cast<std::size_t>(std::countr_zero(points)) / 8;
    const std::uint64_t before = low_bytes(digits, at);
    digits = (digits ^ low_bytes(digits, at + 1)) | before << 8U;
    places = 7 - at;
  }
  if (!short_values::are_digits(digits)) return false;
  const double magnitude = static_cast<double>(short_values::number_of(digits)) / kPowers[places];
  value = negative ? -magnitude : magnitude;
  return true;
}

// YYYY-MM-DD
inline bool parse_plain_date(const PaddedText& text, std::int64_t& days) {
  constexpr std::uint64_t kHyphens = 0xff0000ff00000000;
  if (text.size() != 10) return false;
  const std::uint64_t year_and_month = text.word(0) ^ short_values::kZeros;
  const std::uint64_t day = (text.word(8) ^ short_values::kZeros) & 0xffff;
  if ((year_and_month & kHyphens) != (short_values::in_each_byte('-' ^ '0') & kHyphens)) return false;
  const std::uint64_t digits = year_and_month & ~kHyphens;
  if (!short_values::are_digits(digits) || !short_values::are_digits(day)) return false;
  const auto digit = [](std::uint64_t of, unsigned at) { return static_cast<int>(of >> (8 * at) & 0xff); };
  return day_exists(
      digit(digits, 0) * 1000 + digit(digits, 1) * 100 + digit(digits, 2) * 10 + digit(digits, 3),
      digit(digits, 5) * 10 + digit(digits, 6), digit(day, 0) * 10 + digit(day, 1), days);
}

}  // namespace millrace
