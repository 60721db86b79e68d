// Another program, run to its end.
#pragma once

#include <string>
#include <vector>

namespace millrace {

constexpr int kOutlasted = 124;  // as timeout(1) says of a program that it had to end

// Where a program's output goes: files that are made anew; one file may be both. And where its input comes
// from.
struct ChildFiles {
  std::string out = "/dev/null";
  std::string err;
  std::string in = "/dev/null";
};

// Runs `words` (a program, found by PATH where its name has no '/', and its arguments) in a process group of
// its own. Returns its exit code; 128 + N where signal N ended it; kOutlasted where
// it ran longer than `limit` seconds and its group was killed. A stop that this process is asked for is
// passed on to it. Its environment is this process's and `variables` ("NAME=value"), less what a launcher has
// put there for a rank: the program is none. Throws kResource where it cannot be started.
int run_child(const std::vector<std::string>& words, const ChildFiles& files, double limit,
              const std::vector<std::string>& variables = {});

// What run_child() returned, for messages: "ended with code 3", "took longer than 30 s".
std::string how_it_ended(int code, double limit);
// The end of such a file of output, a few lines joined by "; "; empty where nothing was said.
std::string last_words(const std::string& file);

}  // namespace millrace
