// Text of one field → typed value. Each function returns false where the text is no value of the type; blanks
// around the value are not accepted (trimming is the reader's choice).
#pragma once

#include <cstdint>
#include <string_view>

#include "table/column.hpp"  // parse_decimal() is in decimal.hpp

namespace millrace {

bool parse_boolean(std::string_view text, std::int64_t& value);  // true/false, any case
bool parse_integer(std::string_view text, std::int64_t& value);  // optional sign, digits, within 64 bits
bool parse_real(std::string_view text, double& value);           // correctly rounded; finite values only
bool parse_date(std::string_view text, std::int64_t& days);      // YYYY-MM-DD, the day must exist
// YYYY-MM-DD[T ]hh:mm[:ss[.fff…]][Z|±hh:mm]; UTC where no offset is given; a date alone is its midnight.
// Digits beyond microseconds are cut off. Leap seconds and 24:00 are refused.
bool parse_timestamp(std::string_view text, std::int64_t& micros);

// "00123": as a number it would lose its zeros.
inline bool has_leading_zero(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

// Why `text` is no value of `type`: "'4o' is no integer".
std::string parse_failure(std::string_view text, ColumnType type);

// Parses and appends to a column that is not kText. Returns false (and appends nothing) where the text does
// not parse.
bool parse_append(std::string_view text, Column& column);

// Which types all values seen so far could have: the lattice of type inference. Mergeable over blocks and
// ranks: the result depends neither on their number nor on the order.
//
// Integers among reals are reals (also integers beyond 64 bits), dates among timestamps are timestamps; any
// other mixture is text. Digits after a leading zero ("00123": a zip code, a key) are text, because a number
// would lose the zero: who wants the number declares the column's type. "inf" and "nan" are text.
class TypeCandidates {
 public:
  void observe(std::string_view text);  // a present (not missing) value
  void merge(const TypeCandidates& other);
  // The narrowest common type in the order boolean, integer, real, date, timestamp, text; text where nothing
  // was seen.
  [[nodiscard]] ColumnType result() const;
  // All values so far parse as this type (a value with a leading zero: not as a number).
  [[nodiscard]] bool allows(ColumnType type) const {
    return (bits_ >> static_cast<unsigned>(type.kind) & 1U) != 0;
  }
  // Exactly the values of this type and of those that hold them are left: another value of the type changes
  // nothing (unless it is a number with a leading zero).
  [[nodiscard]] bool settled(ColumnType type) const;
  [[nodiscard]] std::uint8_t bits() const { return bits_; }
  [[nodiscard]] bool seen() const { return seen_; }
  static TypeCandidates from(std::uint8_t bits, bool seen);

 private:
  std::uint8_t bits_ = 0xff;  // bit t set: all values so far parse as ColumnType t
  bool seen_ = false;
};

}  // namespace millrace
