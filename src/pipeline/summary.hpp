// What people and scripts read of a run: the fields of run.json that follow from the stages' outputs.
#pragma once

#include <string>

#include "base/json.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

// Sets "dataset", "features", "model", "metrics" and "outputs" of run.json as far as the outputs reach.
void summarize(Json& run, const Outputs& outputs);

// One line for people about a stage's output: "7,043 rows, 0 rejected, dataset 1f2e3d…".
std::string describe_output(const std::string& stage, const Json& output);

// The metrics that people look at first: "auc 0.8412, log_loss 0.4161, accuracy 0.8048".
std::string describe_metrics(const Json& metrics);
std::string describe_metrics(const std::vector<std::pair<std::string, double>>& metrics);

}  // namespace millrace
