// Another program, run to its end.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace millrace {

constexpr int kOutlasted = 124;  // as timeout(1) says of a program that it had to end

// Runs `words` (a program, found by PATH, and its arguments) in a process group of its own, without standard
// output and with standard error into the file `err`. Returns its exit code; 128 + N where signal N ended it;
// kOutlasted where it ran longer than `limit` seconds and its group was killed. A stop that this process is
// asked for is passed on to it. Throws kResource where it cannot be started.
int run_child(const Arguments& words, const std::string& err, double limit);

}  // namespace millrace
