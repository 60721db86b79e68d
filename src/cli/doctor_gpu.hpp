// What doctor says about GPUs: the module, the devices, NCCL, and what training would use.
#pragma once

#include <vector>

#include "cli/doctor_checks.hpp"
#include "comm/communicator.hpp"

namespace millrace {

// Collective; the findings are rank 0's, and the last one is what all ranks would use together.
std::vector<Finding> examine_gpus(const Communicator& comm);

}  // namespace millrace
