// Inside cli/: retrainings that commands begin.
#pragma once

#include <optional>
#include <vector>

#include "cli/options.hpp"
#include "monitoring/retraining.hpp"

namespace millrace {

// retrain() with the configuration's file as it was given, by one process.
RetrainOutcome retrain_now(const PipelineConfig& config, const po::variables_map& values,
                           const RetrainCause& cause);

// run.json of all runs of this pipeline, newest first.
std::vector<Json> runs_of(const PipelineConfig& config);
// Where monitoring.retrain.every seconds have passed since the last run, or the last retraining, of these
// began.
std::optional<RetrainCause> cause_by_schedule(const RetrainConfig& rules, const std::vector<Json>& runs,
                                              const std::vector<BegunRetraining>& begun);

void print_outcome(const RetrainOutcome& outcome, bool as_json);

}  // namespace millrace
