#include "cost/period.hpp"

#include <chrono>
#include <cmath>

#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;
using std::chrono::year_month_day;

sys_days day_around(Moment moment) {
  return floor<days>(Milliseconds(std::chrono::milliseconds(moment)));
}

Moment beginning(sys_days day) {
  return Milliseconds(day).time_since_epoch().count();
}

Period days_long(sys_days first, int count, std::string label) {
  return {std::move(label), beginning(first), beginning(first + days(count))};
}

// ISO 8601: a week belongs to the year of its Thursday.
Period week_around(sys_days day) {
  const sys_days monday = day - (std::chrono::weekday(day) - std::chrono::Monday);
  const sys_days thursday = monday + days(3);
  const std::chrono::year year = year_month_day(thursday).year();
  const int week = static_cast<int>((thursday - sys_days(year / 1 / 1)).count() / 7 + 1);
  return days_long(monday, 7, fmt::format("{}-W{:02}", static_cast<int>(year), week));
}

Period month_around(sys_days day, const std::string& text) {
  const year_month_day date(day);
  const auto first = date.year() / date.month() / 1;
  return {month_of(text), beginning(sys_days(first)), beginning(sys_days(first + std::chrono::months(1)))};
}

Period year_around(sys_days day, const std::string& text) {
  const auto first = year_month_day(day).year() / 1 / 1;
  return {text.substr(0, 4), beginning(sys_days(first)), beginning(sys_days(first + std::chrono::years(1)))};
}

}  // namespace

Moment moment_of(const std::string& rfc3339) {
  return std::llround(parse_rfc3339(rfc3339) * 1000);
}

Moment moment_now() {
  return moment_of(now_rfc3339());
}

std::string day_of(Moment moment) {
  return to_rfc3339(Milliseconds(day_around(moment))).substr(0, 10);
}

std::string month_of(const std::string& day) {
  return day.substr(0, 7);
}

Moment start_of_day(Moment moment) {
  return beginning(day_around(moment));
}

Moment parse_day(const std::string& text, const std::string& option) {
  try {
    if (text.size() == 10) return moment_of(text + "T00:00:00Z");
  } catch (const Error&) {
  }
  throw Error(Topic::kCommandLine, "{} is {}, which is no day: write it as 2026-11-27", option,
              millrace::quoted(text));
}

Period period_around(const std::string& kind, Moment moment) {
  const sys_days day = day_around(moment);
  const std::string text = day_of(moment);
  if (kind == "day") return days_long(day, 1, text);
  if (kind == "week") return week_around(day);
  if (kind == "month") return month_around(day, text);
  if (kind == "year") return year_around(day, text);
  return {"all", beginning(sys_days()), beginning(sys_days(std::chrono::year(10000) / 1 / 1))};
}

}  // namespace millrace
