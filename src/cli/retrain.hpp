// Inside cli/: retrainings that commands begin.
#pragma once

#include "cli/options.hpp"
#include "monitoring/retraining.hpp"

namespace millrace {

// retrain() with the configuration's file as it was given, by one process.
RetrainOutcome retrain_now(const PipelineConfig& config, const po::variables_map& values,
                           const RetrainCause& cause);
void print_outcome(const RetrainOutcome& outcome, bool as_json);

}  // namespace millrace
