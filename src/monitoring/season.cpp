#include "monitoring/season.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace millrace {

namespace {

constexpr double kDay = 86400;

void replace_columns(std::vector<ColumnDistribution>& columns, const std::vector<ColumnDistribution>& earlier,
                     std::uint64_t min_rows) {
  for (const ColumnDistribution& seen : earlier) {
    const auto known = std::ranges::find(columns, seen.name, &ColumnDistribution::name);
    if (known != columns.end() && seen.rows >= min_rows) *known = seen;
  }
}

}  // namespace

std::vector<TimeWindow> earlier_windows(const TimeWindow& window, const MonitoringConfig& monitoring) {
  if (monitoring.season == "none") return {};
  const double period = monitoring.season == "hour" ? kDay : 7 * kDay;
  if (window.until - window.from > period)
    throw usage_error(
        "monitoring.season: {} compares with {}, and the window of {:.0f} s is longer than that",
        monitoring.season, monitoring.season == "hour" ? "earlier days" : "earlier weeks",
        window.until - window.from);
  std::vector<TimeWindow> windows;
  for (std::uint32_t back = 1; back <= monitoring.season_windows; ++back)
    windows.push_back({window.from - back * period, window.until - back * period});
  return windows;
}

std::string season_text(const MonitoringConfig& monitoring) {
  return fmt::format("the same {} of {} earlier {}", monitoring.season == "hour" ? "hours" : "weekday",
                     monitoring.season_windows, monitoring.season == "hour" ? "days" : "weeks");
}

Reference reference_of(const Observation& earlier, Reference reference, std::uint64_t min_rows) {
  replace_columns(reference.inputs, earlier.inputs, min_rows);
  replace_columns(reference.predictions, earlier.predictions, min_rows);
  if (earlier.target && earlier.target->rows >= min_rows) reference.target = *earlier.target;
  return reference;
}

}  // namespace millrace
