#include "serving/calls/call.hpp"

namespace millrace {

void Call::clear() {
  memory.reset();
  exchange = nullptr;
  served.reset();
  arm = nullptr;
  asked_version = repeats_id = false;
  name.clear();
  id.clear();
  route_key.clear();
  bucket = 0;
  reasons = 0;
  deadline.reset();
  outputs.clear();
}

CallPool::Lease CallPool::lend() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return Lease(new Call, {this});
  Lease lease(idle_.back().release(), {this});
  idle_.pop_back();
  lease->clock = {};
  return lease;
}

void CallPool::give_back(std::unique_ptr<Call> call) {
  call->clear();
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(call));
}

}  // namespace millrace
