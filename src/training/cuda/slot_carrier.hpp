// Carries a rank's gradient slots from the device to the other ranks and their sum back. What is taken:
//   one rank               nothing to do
//   a group of GPUs        summed among them (training/cuda/collective.hpp)
//   MPI that takes it      the device's memory is handed to the exchange
//   else                   through pinned host memory; always so in deterministic mode, whose tree is the
//   host's
#pragma once

#include "training/cuda/collective.hpp"
#include "training/cuda/memory.hpp"

namespace millrace {

class SlotCarrier {
 public:
  // For one step. `collective` may be null; all three must outlive it.
  SlotCarrier(GradientExchange& exchange, Collective* collective, PinnedBuffer<float>& pinned);

  // Each of the exchange's slots in turn, computed in the same device buffer, which may be filled again at
  // once.
  void take(std::size_t index, const float* slot, StreamView stream);
  // After the last one: `slot` becomes the sum. Collective; queued, or done, when this returns.
  void finish(float* slot, const Stream& stream);

 private:
  enum class Path { kAlone, kCollective, kDeviceMemory, kPinned };
  [[nodiscard]] Path path() const;

  GradientExchange& exchange_;
  Collective* collective_;
  PinnedBuffer<float>& pinned_;
  Path path_;
};

}  // namespace millrace
