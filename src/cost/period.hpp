// Days, and the periods of budgets, all in UTC; moments are milliseconds since 1970.
#pragma once

#include <cstdint>
#include <string>

namespace millrace {

using Moment = std::int64_t;

Moment moment_of(const std::string& rfc3339);  // throws kResource for what is no time
Moment moment_now();

std::string day_of(Moment moment);             // "2026-11-27"
std::string month_of(const std::string& day);  // "2026-11"
Moment start_of_day(Moment moment);
// The beginning of a day such as "2026-11-27". Throws kCommandLine naming `option` for anything else.
Moment parse_day(const std::string& text, const std::string& option);

// [begin, end)
struct Period {
  std::string label;  // "2026-11-27", "2026-W48" (ISO 8601), "2026-11", "2026", "all"
  Moment begin = 0;
  Moment end = 0;  // of "all": year 10000

  [[nodiscard]] bool holds(Moment moment) const { return begin <= moment && moment < end; }
};
// The day, week (from Monday), month or year around a moment; "all".
Period period_around(const std::string& kind, Moment moment);

}  // namespace millrace
