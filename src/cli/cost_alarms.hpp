// What of a workspace's cost people are to be told, once each: for a run that has ended, and for whoever asks
// what things cost.
#pragma once

#include <string>
#include <vector>

#include "config/pipeline_config.hpp"
#include "cost/account.hpp"
#include "cost/alarms.hpp"

namespace millrace {

// The day's measure of the storage, and the workspace's account.
Account account_of(const Workspace& workspace, const Prices& prices);

// Thresholds of config's budgets, and where `run` is named what it or its day cost beyond the usual; each is
// printed as a warning, and from now on counts as told.
std::vector<CostAlarm> tell_of_cost(const PipelineConfig& config, const Account& account,
                                    const std::string& run);

// After a run: looks only where something can have come up.
std::vector<CostAlarm> tell_of_cost(const PipelineConfig& config, const std::string& run_folder);

// To the channels of config.alerts, when the command has ended.
void raise_cost_alarms(const PipelineConfig& config, const std::vector<CostAlarm>& alarms);

}  // namespace millrace
