// What Slurm's accounting says that jobs were given: sacct(1), asked once for all of them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cost/usage.hpp"

namespace millrace {

struct JobUse {
  std::int64_t core_ms = 0;
  std::int64_t gpu_ms = 0;
  bool ended = false;  // for good: nothing of it will change
};

struct Accounting {
  std::map<std::string, JobUse> jobs;  // by id; a requeued job with all its starts
  std::string obstacle;                // why nothing is known, or not all; empty: it answered
};

// Asks about jobs by their ids (digits; others are passed over). Where sacct is missing, fails or takes
// longer than `limit` seconds, that is the obstacle. Nothing is asked about no job.
Accounting ask_accounting(const std::set<std::string>& jobs, double limit = 10);

// Lines "JobIDRaw|ElapsedRaw|AllocTRES|State" as `sacct -nPXD` prints them. What is no such line is passed
// over.
std::map<std::string, JobUse> parse_accounting(const std::string& text);

// What a job was given is what its runs are charged, in proportion to the time that each took. GPUs that the
// accounting does not follow (AccountingStorageTRES without gres/gpu) stay as the runs have them.
void apply_accounting(const std::map<std::string, JobUse>& jobs, std::vector<RunUsage>& runs);

}  // namespace millrace
