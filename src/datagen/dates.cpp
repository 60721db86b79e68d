#include "datagen/dates.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace::datagen {

namespace {

// The number that all of `text` is, or -1.
int number(std::string_view text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : -1;
}

}  // namespace

std::int32_t parse_day(std::string_view text) {
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const int year = shaped ? number(text.substr(0, 4)) : -1;
  const int month = shaped ? number(text.substr(5, 2)) : -1;
  const int day = shaped ? number(text.substr(8, 2)) : -1;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (year < 1970 || month < 1 || day < 1 || !date.ok()) {
    throw Error(Topic::kCommandLine, "{} is no day; write one like 2026-10-01 (from 1970 on)",
                millrace::quoted(text));
  }
  return static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
}

std::string day_name(std::int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

DayNames::DayNames(std::int32_t first, std::int32_t last) : first_(first) {
  names_.reserve(static_cast<std::size_t>(last - first) + 1);
  for (std::int32_t day = first; day <= last; ++day)
    std::ranges::copy_n(day_name(day).begin(), 10, names_.emplace_back().begin());
}

}  // namespace millrace::datagen
