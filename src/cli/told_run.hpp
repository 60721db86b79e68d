// A run with what it tells others about itself: alerts, alarms of cost, its report, MLflow.
#pragma once

#include "pipeline/engine.hpp"

namespace millrace {

// Collective; as run_pipeline, whose `finished` it sets.
RunResult run_and_tell(const Communicator& comm, const PipelineConfig& config, RunOptions options);

// On rank 0. The run is done: whatever is wrong with MLflow is a warning.
void show_in_mlflow(const PipelineConfig& config, const RunResult& result);

}  // namespace millrace
