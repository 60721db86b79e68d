#include "table/parse.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

#include <fmt/core.h>

#include "base/text.hpp"
#include "table/calendar.hpp"
#include "table/cursor.hpp"

namespace millrace {

namespace {

// from_chars takes no plus sign. "+-1" stays as it is and is refused.
std::string_view without_plus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

template <class T>
bool parse_whole(std::string_view text, T& value) {
  text = without_plus(text);
  const char* end = text.data() + text.size();
  T parsed{};
  const auto [stop, error] = std::from_chars(text.data(), end, parsed);
  if (error != std::errc() || stop != end) return false;
  value = parsed;
  return true;
}

// What most numbers look like: [-+]digits[.digits], with so few digits that they and the power of ten are
// doubles exactly; so one division rounds correctly. W. D. Clinger, "How to Read Floating Point Numbers
// Accurately", PLDI 1990.
bool parse_plain_real(std::string_view text, double& value) {
  static constexpr std::array<double, 20> kPowers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                                  1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
  constexpr std::uint64_t kLargestExact = std::uint64_t{1} << 53U;
  const char* p = text.data();
  const char* const end = p + text.size();
  const bool negative = p != end && *p == '-';
  if (p != end && (*p == '-' || *p == '+')) ++p;
  if (end - p > 19) return false;
  std::uint64_t digits = 0;
  const char* const begin = p;
  for (; p != end && is_digit(*p); ++p) digits = digits * 10 + static_cast<std::uint64_t>(*p - '0');
  std::size_t places = 0;
  if (p != begin && p != end && *p == '.') {
    const char* const fraction = ++p;
    for (; p != end && is_digit(*p); ++p) digits = digits * 10 + static_cast<std::uint64_t>(*p - '0');
    places = static_cast<std::size_t>(p - fraction);
  }
  if (p != end || p == begin || digits > kLargestExact) return false;
  const double magnitude = static_cast<double>(digits) / kPowers[places];
  value = negative ? -magnitude : magnitude;
  return true;
}

bool read_date(Cursor& cursor, std::int64_t& days) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (!cursor.digits(4, year) || !cursor.character('-') || !cursor.digits(2, month) ||
      !cursor.character('-') || !cursor.digits(2, day)) {
    return false;
  }
  return day_exists(year, month, day, days);
}

bool read_hour_and_minute(Cursor& cursor, std::int64_t& micros) {
  int hour = 0;
  int minute = 0;
  if (!cursor.digits(2, hour) || !cursor.character(':') || !cursor.digits(2, minute)) return false;
  micros = (hour * 60 + minute) * 60 * kMicrosPerSecond;
  return hour < 24 && minute < 60;
}

// hh:mm[:ss[.fff…]]
bool read_time(Cursor& cursor, std::int64_t& micros) {
  if (!read_hour_and_minute(cursor, micros)) return false;
  if (!cursor.character(':')) return true;
  int second = 0;
  if (!cursor.digits(2, second) || second > 59) return false;
  micros += second * kMicrosPerSecond;
  return !cursor.character('.') || cursor.fraction(micros);
}

// Z, ±hh:mm or nothing: how far the clock is ahead of UTC.
bool read_offset(Cursor& cursor, std::int64_t& micros) {
  micros = 0;
  if (cursor.at_end() || cursor.character('Z')) return true;
  const bool behind = cursor.character('-');
  if (!behind && !cursor.character('+')) return false;
  if (!read_hour_and_minute(cursor, micros)) return false;
  if (behind) micros = -micros;
  return true;
}

std::string expected(ColumnType type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return "boolean (true or false)";
    case TypeKind::kInteger:
      return "integer";
    case TypeKind::kReal:
      return "real number";
    case TypeKind::kDecimal:
      return to_string(type);
    case TypeKind::kDate:
      return "date (YYYY-MM-DD)";
    case TypeKind::kTimestamp:
      return "timestamp (YYYY-MM-DDThh:mm:ss)";
    case TypeKind::kText:
      break;
  }
  return "text";
}

}  // namespace

bool parse_boolean(std::string_view text, std::int64_t& value) {
  const bool is_true = equals_ignoring_case(text, "true");
  if (!is_true && !equals_ignoring_case(text, "false")) return false;
  value = is_true ? 1 : 0;
  return true;
}

bool parse_integer(std::string_view text, std::int64_t& value) {
  return parse_whole(text, value);
}

bool parse_real(std::string_view text, double& value) {
  if (parse_plain_real(text, value)) return true;
  double parsed = 0;
  if (!parse_whole(text, parsed) || !std::isfinite(parsed)) return false;
  value = parsed;
  return true;
}

bool parse_date(std::string_view text, std::int64_t& days) {
  Cursor cursor(text);
  std::int64_t parsed = 0;
  if (!read_date(cursor, parsed) || !cursor.at_end()) return false;
  days = parsed;
  return true;
}

bool parse_timestamp(std::string_view text, std::int64_t& micros) {
  Cursor cursor(text);
  std::int64_t days = 0;
  std::int64_t time = 0;
  std::int64_t offset = 0;
  if (!read_date(cursor, days)) return false;
  if (!cursor.at_end()) {
    if (!cursor.character('T') && !cursor.character(' ')) return false;
    if (!read_time(cursor, time) || !read_offset(cursor, offset) || !cursor.at_end()) return false;
  }
  return moment_exists(days, time - offset, micros);
}

std::string parse_failure(std::string_view text, ColumnType type) {
  double number = 0;
  const bool too_large = type == ColumnType::kInteger && parse_real(text, number) &&
                         std::abs(number) >= 0x1p63 && number == std::trunc(number);
  return fmt::format("{} is no {}{}", millrace::quoted(text), expected(type), too_large ? " of 64 bits" : "");
}

bool parse_append(std::string_view text, Column& column) {
  std::int64_t integer = 0;
  double real = 0;
  bool parsed = false;
  switch (column.type.kind) {
    case TypeKind::kBoolean:
      parsed = parse_boolean(text, integer);
      break;
    case TypeKind::kInteger:
      parsed = parse_integer(text, integer);
      break;
    case TypeKind::kDecimal:
      parsed = parse_decimal(text, column.type, integer);
      break;
    case TypeKind::kDate:
      parsed = parse_date(text, integer);
      break;
    case TypeKind::kTimestamp:
      parsed = parse_timestamp(text, integer);
      break;
    case TypeKind::kReal:
      if (!parse_real(text, real)) return false;
      column.append_real(real);
      return true;
    case TypeKind::kText:
      throw internal_error("parse_append() on a text column");
  }
  if (parsed) column.append_integer(integer);
  return parsed;
}

}  // namespace millrace
