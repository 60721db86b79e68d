// The Slurm job that serves an endpoint: jobs/slurm/serve.sbatch.
#pragma once

#include <optional>
#include <string>

namespace millrace {

// Submits the job from within a job of jobs/slurm/ (MILLRACE_JOBS) unless one of this endpoint waits or runs.
// Gives the job's number; nothing where none was submitted. Throws kResource where sbatch refuses, or this is
// no such job.
std::optional<std::string> submit_server(const std::string& workspace_root, const std::string& endpoint);

}  // namespace millrace
