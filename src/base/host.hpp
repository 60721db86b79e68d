// Which machine this is, and who lives on it.
#pragma once

#include <string>
#include <vector>

namespace millrace {

std::string host_name();  // "unknown" where the system does not say

// The cores that this process may run on, ascending; at least one.
std::vector<int> usable_cores();

// Whether the process `pid` of this machine that was there at `time` (seconds since 1970) still is: not
// ended, though perhaps not waited for, and not another one by now that got its number. Where that cannot be
// told, it lives.
bool process_lives(int pid, double time);

}  // namespace millrace
