// Another program, run to its end.
#pragma once

#include <string>
#include <vector>

namespace millrace {

constexpr int kOutlasted = 124;  // as timeout(1) says of a program that it had to end

// Where a program's output goes: files that are made anew; one file may be both.
struct ChildOutput {
  std::string out = "/dev/null";
  std::string err;
};

// Runs `words` (a program, found by PATH where its name has no '/', and its arguments) in a process group of
// its own, without standard input. Returns its exit code; 128 + N where signal N ended it; kOutlasted where
// it ran longer than `limit` seconds and its group was killed. A stop that this process is asked for is
// passed on to it. Its environment is this process's and `variables` ("NAME=value"), less what a launcher has
// put there for a rank: the program is none. Throws kResource where it cannot be started.
int run_child(const std::vector<std::string>& words, const ChildOutput& output, double limit,
              const std::vector<std::string>& variables = {});

}  // namespace millrace
