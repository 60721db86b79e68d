// Sums gradients over groups of lanes and over ranks, with the loss, the weights and the wish to stop riding
// in the same buffer: one collective a step.
//
// A slot is a group's gradient with its tail behind it. The buffer of slots is the back end's own (plain
// memory, pinned memory or a device's), so that nothing is copied only to be sent. An interface without code:
// a back end in a module calls it through the virtual functions.
#pragma once

#include <cstddef>
#include <span>

namespace millrace {

struct StepSums {
  double loss = 0;    // Σ weight · loss
  double weight = 0;  // Σ weight
  bool stop = false;  // a signal asked some rank to stop
};

// What lies behind the gradient in each slot, one float each.
enum GradientTail : std::size_t { kTailLoss, kTailWeight, kTailStop, kTailSize };

inline void write_tail(std::span<float> slot, const StepSums& sums) {
  const std::span<float> tail = slot.last(kTailSize);
  tail[kTailLoss] = static_cast<float>(sums.loss);
  tail[kTailWeight] = static_cast<float>(sums.weight);
  tail[kTailStop] = sums.stop ? 1.0F : 0.0F;
}
inline StepSums read_tail(std::span<const float> slot) {
  const std::span<const float> tail = slot.last(kTailSize);
  return {tail[kTailLoss], tail[kTailWeight], tail[kTailStop] > 0};
}

class GradientExchange {
 public:
  GradientExchange() = default;
  virtual ~GradientExchange() = default;
  GradientExchange(const GradientExchange&) = delete;
  GradientExchange& operator=(const GradientExchange&) = delete;

  // Floats of a slot: the parameters and the tail.
  [[nodiscard]] virtual std::size_t slot_size() const = 0;
  // Slots of this rank's buffer, the same on all ranks: one for each of its groups; a rank with a group less
  // leaves the last one 0.
  [[nodiscard]] virtual std::size_t slots() const = 0;
  [[nodiscard]] virtual int ranks() const = 0;
  // The sum is made in one fixed tree over all groups: only reduce() does that.
  [[nodiscard]] virtual bool deterministic() const = 0;
  // Whether reduce() may be given a device's memory.
  [[nodiscard]] virtual bool takes_device_memory() const = 0;
  // Whether this process was asked to stop; goes into the tails. (A module has no signal flag of its own.)
  [[nodiscard]] virtual bool stop_requested() const = 0;

  // Collective. `buffer`: slots() × slot_size(). Afterwards its first slot is the sum of all slots of all
  // ranks, the same everywhere; what the others hold does not matter.
  virtual void reduce(std::span<float> buffer) = 0;
};

}  // namespace millrace
