// Of builds without nccl.h.
#include "base/error.hpp"
#include "training/cuda/collective.hpp"

namespace millrace {

namespace {

Error no_nccl() {
  return resource_error("this build has no NCCL (nccl.h was not found)");
}

}  // namespace

std::string collective_library() {
  throw no_nccl();
}
std::string new_group_id() {
  throw no_nccl();
}
std::unique_ptr<Collective> join_group(const DeviceGroup&) {
  throw no_nccl();
}

}  // namespace millrace
