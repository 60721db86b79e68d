// Private to table/: the range of days that has a four-digit year, in which text and value map one to one.
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

}  // namespace millrace
