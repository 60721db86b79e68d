// The Slurm job that serves an endpoint: jobs/slurm/serve.sbatch.
#pragma once

#include <optional>
#include <string>

namespace millrace {

// Submits the job from within a job of jobs/slurm/ (MILLRACE_JOBS) unless one of this endpoint of this
// workspace waits or runs, whoever has submitted it. Gives the job's number; nothing where none was
// submitted. Throws kResource where sbatch refuses, or this is no such job.
std::optional<std::string> submit_server(const std::string& workspace_root, const std::string& endpoint);

// One of the jobs that `squeue --format=%Z|%o` lists: its folder and its command, whose words are not quoted
// there. Whether it serves this endpoint.
bool serves(const std::string& job, const std::string& workspace_root, const std::string& endpoint);

}  // namespace millrace
