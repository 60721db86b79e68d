// Private to table/: reads a text from the left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "table/calendar.hpp"

namespace millrace {

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

inline bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

// Each step says whether it found what it looked for.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  bool character(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `count` digits.
  bool digits(std::size_t count, int& number) {
    if (rest_.size() < count) return false;
    number = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return false;
      number = number * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

  // One digit, or two.
  bool few_digits(int& number) {
    const bool has_two = rest_.size() > 1 && is_digit(rest_[1]);
    return digits(has_two ? 2 : 1, number);
  }

  // In upper or lower case; `lower` is in lower case.
  bool word(std::string_view lower) {
    if (!equals_ignoring_case(rest_.substr(0, lower.size()), lower)) return false;
    rest_.remove_prefix(lower.size());
    return true;
  }

  // One or more digits after the point, as microseconds; further digits are cut off.
  bool fraction(std::int64_t& micros) {
    std::int64_t place = kMicrosPerSecond / 10;
    std::size_t i = 0;
    for (; i < rest_.size() && is_digit(rest_[i]); ++i, place /= 10) micros += place * (rest_[i] - '0');
    rest_.remove_prefix(i);
    return i > 0;
  }

 private:
  std::string_view rest_;
};

}  // namespace millrace
