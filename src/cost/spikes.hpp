// Costs out of all proportion to what is usual.
#pragma once

#include <string>
#include <vector>

#include "cost/alarms.hpp"

namespace millrace {

// `run`, where it cost more than config.spike times the median of the last config.spike_history runs of its
// pipeline before it that ran stages; and the day that it ended on, against the last days with runs, storage
// left out. Compared are amounts, or core-hours where nothing has a price. Fewer
// than config.spike_history say nothing.
std::vector<CostAlarm> spike_alarms(const CostConfig& config, const std::vector<RunUsage>& runs,
                                    const std::vector<Charge>& charges, const std::string& run);

}  // namespace millrace
