// What a machine offers to Millrace, looked up rather than assumed.
#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"

namespace millrace {

struct Finding {
  std::string state;  // "ok", "missing", "warning"
  std::string subject;
  std::string found;
  std::string consequence;  // what it costs, or what to do; empty where all is well
};

// Collective: counts ranks and hosts, and looks at rank 0's machine for the rest. The workspace is written
// to.
std::vector<Finding> examine_machine(const Communicator& comm, const std::string& workspace);

}  // namespace millrace
