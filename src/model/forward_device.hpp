// Who may make a network's forward pass instead of the CPU (device/scoring_device.hpp). An interface.
#pragma once

#include <span>

#include "model/network.hpp"

namespace millrace {

class ForwardDevice {
 public:
  ForwardDevice() = default;
  virtual ~ForwardDevice() = default;
  ForwardDevice(const ForwardDevice&) = delete;
  ForwardDevice& operator=(const ForwardDevice&) = delete;

  // As Network::forward, for the network that it was made for. False: it is not done, and what is in `logits`
  // says nothing. Thread-safe.
  [[nodiscard]] virtual bool forward(const BatchView& batch, std::span<float> logits) = 0;
};

}  // namespace millrace
