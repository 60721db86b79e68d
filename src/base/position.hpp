// Where this process is: the stage, and for each thread the operation that may block (a collective, a call on
// a file) and since when. The watchdog (base/watchdog.hpp) reads it. An operation costs a clock and two
// uncontended locks.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

enum class Blocking { kCollective, kFile };

using SteadyTime = std::chrono::steady_clock::time_point;

struct Position {
  Blocking kind = Blocking::kFile;
  std::string operation;    // "all_reduce", "write"
  std::uint64_t bytes = 0;  // asked for; 0 where that has no meaning
  std::string path;         // of a call on a file
  SteadyTime since;
};

// Its lifetime is one operation of this thread; they do not nest.
class InOperation {
 public:
  InOperation(Blocking kind, const char* operation, std::uint64_t bytes, std::string_view path = {});
  // A call on an open file, whose path is looked up only when somebody asks.
  InOperation(const char* operation, std::uint64_t bytes, int fd);
  ~InOperation();
  InOperation(const InOperation&) = delete;
  InOperation& operator=(const InOperation&) = delete;
};

// The operations that threads of this process are in.
std::vector<Position> current_positions();
// How many operations have begun in this process: it grows while the process gets on.
std::uint64_t operations_begun();

// The stage of the run, for messages; "start" before the first.
void enter_stage(const std::string& stage);
std::string current_stage();

}  // namespace millrace
