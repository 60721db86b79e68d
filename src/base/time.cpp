#include "base/time.hpp"

#include <cstdio>
#include <ctime>

#include <fmt/chrono.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace millrace {

std::string now_rfc3339() {
  using namespace std::chrono;
  return to_rfc3339(time_point_cast<milliseconds>(system_clock::now()));
}

double processor_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

std::string to_rfc3339(Milliseconds time) {
  using namespace std::chrono;
  const auto millis = time.time_since_epoch().count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(floor<seconds>(time)), millis);
}

double parse_rfc3339(const std::string& time) {
  using namespace std::chrono;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0;
  int end = 0;
  std::sscanf(time.c_str(), "%4d-%2u-%2uT%2d:%2d:%lfZ%n", &year, &month, &day, &hour, &minute, &second, &end);
  const year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (end == 0 || static_cast<std::size_t>(end) != time.size() || !date.ok()) {
    throw resource_error("{} is no time in RFC 3339 (UTC)", millrace::quoted(time));
  }
  const auto whole = sys_days(date).time_since_epoch() + hours(hour) + minutes(minute);
  return duration<double>(whole).count() + second;
}

}  // namespace millrace
