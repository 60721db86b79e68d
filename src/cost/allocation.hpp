// What a run holds while it lasts, from the job that Slurm gave it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "config/pipeline_config.hpp"

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
// Completes it once the run has lasted `wall_seconds`: hours of cores and GPUs.
void complete_cost(Json& cost, int ranks, double wall_seconds);

}  // namespace millrace
