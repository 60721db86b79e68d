// Private to table/: days and moments, and the range that has a four-digit year, in which text and value map
// one to one.
#pragma once

#include <chrono>
#include <cstdint>

namespace millrace {

constexpr std::int64_t days_of(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year(year) / month / day).time_since_epoch().count();
}

constexpr std::int64_t kFirstDay = days_of(0, 1, 1);
constexpr std::int64_t kLastDay = days_of(9999, 12, 31);
constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// Whether there is such a day, and which it is.
inline bool day_exists(int year, int month, int day, std::int64_t& days) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  if (!date.ok()) return false;
  days = std::chrono::sys_days(date).time_since_epoch().count();
  return true;
}

// Whether the moment so long after a day's midnight has a four-digit year, and which it is.
inline bool moment_exists(std::int64_t days, std::int64_t micros_after, std::int64_t& micros) {
  const std::int64_t moment = days * kMicrosPerDay + micros_after;
  if (moment < kFirstDay * kMicrosPerDay || moment >= (kLastDay + 1) * kMicrosPerDay) return false;
  micros = moment;
  return true;
}

}  // namespace millrace
