// What Slurm's accounting has said of jobs that have ended, which no longer changes: cost/jobs.json in the
// workspace, so that it is asked about each of them once.
#pragma once

#include <map>
#include <string>

#include "cost/sacct.hpp"
#include "storage/objects.hpp"

namespace millrace {

// None where the file is missing or cannot be understood: then it is asked again.
std::map<std::string, JobUse> kept_jobs(const Workspace& workspace);

// Adds those of `jobs` that have ended to `kept`, as kept_jobs() gave it. Where the workspace cannot be
// written, they are asked for again. Of several processes that add at once one may undo what the other added:
// it, too, is asked for again.
void keep_jobs(const Workspace& workspace, std::map<std::string, JobUse> kept,
               const std::map<std::string, JobUse>& jobs);

}  // namespace millrace
