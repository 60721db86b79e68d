// The exchange of gradients over MPI.
//
// One group a rank: an all-reduce. In deterministic mode the groups do not depend on the ranks: their
// gradients are all gathered and summed in one fixed tree, so the sum is the same, bit for bit, for any
// number of ranks.
#pragma once

#include <vector>

#include "comm/communicator.hpp"
#include "training/gradient_exchange.hpp"
#include "training/lane_plan.hpp"

namespace millrace {

class MpiExchange final : public GradientExchange {
 public:
  MpiExchange(const Communicator& comm, const LanePlan& plan, std::size_t parameters, bool deterministic);

  [[nodiscard]] std::size_t slot_size() const override { return slot_size_; }
  [[nodiscard]] std::size_t slots() const override { return slots_; }
  [[nodiscard]] int ranks() const override { return comm_.size(); }
  [[nodiscard]] bool deterministic() const override { return deterministic_; }
  [[nodiscard]] bool takes_device_memory() const override;
  [[nodiscard]] bool stop_requested() const override;
  void reduce(std::span<float> buffer) override;

 private:
  void gather_and_add(std::span<float> buffer);

  Communicator comm_;
  LanePlan plan_;
  std::size_t slot_size_;
  std::size_t slots_;
  std::vector<float> all_;  // every rank's slots, in deterministic mode
  bool deterministic_;
};

}  // namespace millrace
