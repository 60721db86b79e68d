// GPUs of several ranks that sum among themselves: NCCL, where this build has it.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "training/cuda/stream.hpp"
#include "training/device_module.hpp"

namespace millrace {

class Collective {
 public:
  Collective() = default;
  virtual ~Collective() = default;
  Collective(const Collective&) = delete;
  Collective& operator=(const Collective&) = delete;

  // Sums over all ranks in place, on the device, queued on the stream.
  virtual void all_reduce(std::span<float> values, StreamView stream) = 0;
  // Until what comes before `event` is done. Throws kResource with the library's own words where a rank has
  // failed or the group's deadline passes; the group is then of no more use.
  virtual void wait(const Event& event) = 0;
};

// "NCCL 2.28.9". Throws kResource where it is missing.
std::string collective_library();
// Names a group, for join_group on all its ranks.
std::string new_group_id();
// All ranks of the group call it, each with its own device current. Ends at the latest by the deadline.
std::unique_ptr<Collective> join_group(const DeviceGroup& group);

}  // namespace millrace
