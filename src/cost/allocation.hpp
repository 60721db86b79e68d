// What a run holds while it lasts, from the job that Slurm gave it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "config/pipeline_config.hpp"
#include "cost/charges.hpp"

namespace millrace {

struct Allocation {
  std::int64_t cores = 0;
  std::int64_t gpus = 0;
  std::string slurm_job;  // empty: none
};

using Variables = std::function<std::string(const char* name)>;  // "" where there is none

// In a job of Slurm the cores and GPUs that it was given, whether they are used or not. Elsewhere ranks ×
// threads (the larger of data.threads and training.threads), and no GPU: what training takes is known when it
// begins.
Allocation allocation(const PipelineConfig& config, int ranks, const Variables& variables);
// Of this process' environment.
std::string environment_variable(const char* name);

// "4(x2),3": what each node has, as SLURM_JOB_CPUS_PER_NODE says it. Nothing for anything else.
std::optional<std::int64_t> sum_over_nodes(const std::string& list);

// What run.json has as "cost" from the beginning: who is charged, what is held, and at which prices.
Json begun_cost(const PipelineConfig& config, const Allocation& held);
// Completes it once the run has lasted `wall_seconds`: hours of cores and GPUs, and where all that it holds
// has a price, the amount.
void complete_cost(Json& cost, int ranks, double wall_seconds);
// What it says that the run has taken, at the prices in it. Records of earlier versions lack some of it.
CostSum recorded_cost(const Json& cost);

}  // namespace millrace
