// Which earlier requests a window is compared with where days or weeks have a shape of their own: those of
// the same hour, or of the same weekday (monitoring.season).
#pragma once

#include <string>
#include <vector>

#include "config/monitoring_config.hpp"
#include "deployment/request_log.hpp"
#include "monitoring/observation.hpp"

namespace millrace {

// The latest monitoring.season_windows ones: whole days before `window` for "hour", whole weeks for
// "weekday"; none for "none". Throws kUsage for a window that is longer than that.
std::vector<TimeWindow> earlier_windows(const TimeWindow& window, const MonitoringConfig& monitoring);
// In words: "the same hours of 4 earlier days".
std::string season_text(const MonitoringConfig& monitoring);

// What was seen earlier in the place of training and test rows: each column that has `min_rows` rows there.
// The metrics stay the reference's.
Reference reference_of(const Observation& earlier, Reference reference, std::uint64_t min_rows);

}  // namespace millrace
