// Sums gradients over groups of lanes and over ranks, with the loss, the weights and the wish to stop riding
// in the same buffer: one collective a step.
//
// One group a rank: an all-reduce. In deterministic mode the groups do not depend on the ranks: their
// gradients are all gathered and summed in one fixed tree, so the sum is the same, bit for bit, for any
// number of ranks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "training/lane_plan.hpp"

namespace millrace {

struct StepSums {
  double loss = 0;    // Σ weight · loss
  double weight = 0;  // Σ weight
  bool stop = false;  // a signal asked some rank to stop
};

class GradientExchange {
 public:
  GradientExchange(const Communicator& comm, const LanePlan& plan, std::size_t parameters,
                   bool deterministic);

  // Where the gradient of this rank's `part`th group goes.
  [[nodiscard]] std::span<float> gradient(std::size_t part);
  void set_sums(std::size_t part, const StepSums& sums);

  // Collective. Afterwards total() is the sum over all groups, the same on every rank.
  StepSums reduce();
  [[nodiscard]] std::span<const float> total() const;

 private:
  [[nodiscard]] std::span<float> slot(std::vector<float>& buffer, std::size_t index) const;
  void gather_and_add();

  Communicator comm_;
  LanePlan plan_;
  std::size_t parameters_;
  std::size_t width_;       // of a slot: parameters and the sums
  std::size_t slots_;       // of each rank: its groups, or one more that stays 0
  std::vector<float> own_;  // this rank's slots; the total where one group a rank is reduced in place
  std::vector<float> all_;  // every rank's slots, in deterministic mode
  bool deterministic_;
};

}  // namespace millrace
