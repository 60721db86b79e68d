#include "table/time_format.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "table/calendar.hpp"
#include "table/cursor.hpp"

namespace millrace {

namespace {

constexpr std::string_view kCodes = "YymdbBHIpMSfz";
constexpr std::string_view kNumbers = "YymdHIMSf";
constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};

bool is_number(char code) {
  return code != '\0' && kNumbers.find(code) != std::string_view::npos;
}

struct Parts {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool is_afternoon = false;
  std::int64_t micros = 0;
  std::int64_t offset = 0;  // how far the clock is ahead of UTC
};

bool read_month(Cursor& cursor, int& month) {
  for (const bool whole : {true, false}) {
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      month = static_cast<int>(i) + 1;
      if (cursor.word(whole ? kMonths[i] : kMonths[i].substr(0, 3))) return true;
    }
  }
  return false;
}

bool read_half(Cursor& cursor, bool& is_afternoon) {
  is_afternoon = cursor.word("pm");
  return is_afternoon || cursor.word("am");
}

bool read_short_year(Cursor& cursor, int& year) {
  if (!cursor.digits(2, year)) return false;
  year += year < 69 ? 2000 : 1900;  // POSIX, strptime()
  return true;
}

bool read_zone(Cursor& cursor, std::int64_t& offset) {
  if (cursor.character('Z')) return true;
  const bool behind = cursor.character('-');
  if (!behind && !cursor.character('+')) return false;
  int hours = 0;
  int minutes = 0;
  if (!cursor.digits(2, hours)) return false;
  const bool needs_minutes = cursor.character(':');
  if (!cursor.digits(2, minutes)) {
    if (needs_minutes) return false;
    minutes = 0;
  }
  offset = (hours * 60 + minutes) * 60 * kMicrosPerSecond * (behind ? -1 : 1);
  return hours < 24 && minutes < 60;
}

bool read_number(Cursor& cursor, bool is_fixed, int& number) {
  return is_fixed ? cursor.digits(2, number) : cursor.few_digits(number);
}

bool read_part(Cursor& cursor, char code, bool is_fixed, Parts& parts) {
  switch (code) {
    case 'Y':
      return cursor.digits(4, parts.year);
    case 'y':
      return read_short_year(cursor, parts.year);
    case 'b':
    case 'B':
      return read_month(cursor, parts.month);
    case 'm':
      return read_number(cursor, is_fixed, parts.month);
    case 'd':
      return read_number(cursor, is_fixed, parts.day);
    case 'H':
      return read_number(cursor, is_fixed, parts.hour) && parts.hour < 24;
    case 'I':
      return read_number(cursor, is_fixed, parts.hour) && parts.hour >= 1 && parts.hour <= 12;
    case 'p':
      return read_half(cursor, parts.is_afternoon);
    case 'M':
      return read_number(cursor, is_fixed, parts.minute) && parts.minute < 60;
    case 'S':
      return read_number(cursor, is_fixed, parts.second) && parts.second < 60;
    case 'f':
      return cursor.fraction(parts.micros);
    default:
      return read_zone(cursor, parts.offset);
  }
}

// Since midnight UTC, for a clock of twelve hours or of 24.
std::int64_t micros_of_day(const Parts& parts, bool has_halves) {
  const int hour = has_halves ? parts.hour % 12 + (parts.is_afternoon ? 12 : 0) : parts.hour;
  const std::int64_t seconds = (hour * 60 + parts.minute) * 60 + parts.second;
  return seconds * kMicrosPerSecond + parts.micros - parts.offset;
}

}  // namespace

TimeFormat::TimeFormat(std::string pattern) : pattern_(std::move(pattern)) {
  read_pattern();
  check_codes();
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const bool behind = i > 0 && is_number(items_[i - 1].code);
    const bool before = i + 1 < items_.size() && is_number(items_[i + 1].code);
    items_[i].is_fixed = behind || before;
  }
}

void TimeFormat::read_pattern() {
  for (std::size_t i = 0; i < pattern_.size(); ++i) {
    if (pattern_[i] != '%') {
      items_.push_back({'\0', pattern_[i]});
      continue;
    }
    const char code = ++i < pattern_.size() ? pattern_[i] : '\0';
    if (code == '%') {
      items_.push_back({'\0', '%'});
    } else if (code == '\0' || kCodes.find(code) == std::string_view::npos) {
      throw Error(Topic::kWrongValue, "the format '{}' has no code behind a %, or one that there is not: %{}",
                  pattern_, join({"Y", "y", "m", "b", "B", "d", "H", "I", "p", "M", "S", "f", "z"}, " %"));
    } else if (has(code)) {
      throw Error(Topic::kWrongValue, "the format '{}' has %{} twice", pattern_, code);
    } else {
      items_.push_back({code, '\0'});
    }
  }
}

bool TimeFormat::has(char code) const {
  return std::ranges::any_of(items_, [&](const Item& item) { return item.code == code; });
}

void TimeFormat::check_codes() const {
  const auto require = [&](bool is_right, const char* what) {
    if (!is_right) throw Error(Topic::kWrongValue, "the format '{}' {}", pattern_, what);
  };
  require(has('Y') != has('y'), "needs a year, by %Y or %y");
  require(has('m') + has('b') + has('B') == 1, "needs a month, by %m or %b");
  require(has('d'), "needs a day, by %d");
  require(!(has('H') && has('I')), "has two hours");
  require(has('I') == has('p'), "needs %I and %p together");
  const bool has_hour = has('H') || has('I');
  require(has_hour || !has('M'), "has minutes and no hour");
  require(has_hour || !has('z'), "has a time zone and no hour");
  require(has('M') || !has('S'), "has seconds and no minutes");
  require(has('S') || !has('f'), "has a fraction and no seconds");
}

bool TimeFormat::parse_timestamp(std::string_view text, std::int64_t& micros) const {
  Cursor cursor(text);
  Parts parts;
  for (const Item& item : items_) {
    const bool found = item.code == '\0' ? cursor.character(item.character)
                                         : read_part(cursor, item.code, item.is_fixed, parts);
    if (!found) return false;
  }
  std::int64_t days = 0;
  return cursor.at_end() && day_exists(parts.year, parts.month, parts.day, days) &&
         moment_exists(days, micros_of_day(parts, has('I')), micros);
}

bool TimeFormat::parse_date(std::string_view text, std::int64_t& days) const {
  std::int64_t micros = 0;
  if (!parse_timestamp(text, micros)) return false;
  days = (micros - kFirstDay * kMicrosPerDay) / kMicrosPerDay + kFirstDay;
  return true;
}

}  // namespace millrace
