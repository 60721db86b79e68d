// The ranks of a running job as processes: who they are, whether they stand still, what they leave.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/workbench.hpp"

namespace millrace::testing_support {

// The child processes of `parent` (mpirun), by rank; those that have ended but are not waited for do not
// count.
std::vector<pid_t> ranks_of(pid_t parent);
// The same once there are `count`, or the job has ended.
std::vector<pid_t> wait_for_ranks(BackgroundProcess& job, std::size_t count);
// Whether a process is stopped ('T' in /proc).
bool is_stopped(pid_t process);
// Waits until all of them have ended; false where one has not within `seconds`.
bool all_end(const std::vector<pid_t>& processes, double seconds);

// The stage that the newest run is in, as its events tell: the last one begun or recorded. "" before the
// first.
std::string current_stage(const Workbench& bench);
// Waits until that is `stage`, or the job has ended.
void wait_for_stage(const Workbench& bench, BackgroundProcess& job, const std::string& stage);

// The files in /dev/shm that processes have mapped.
std::set<std::string> shared_memory_of(const std::vector<pid_t>& processes);

}  // namespace millrace::testing_support
