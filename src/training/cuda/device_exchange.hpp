// The way that gradients take on the device, as an exchange of host memory: for tests of the contract that
// all exchanges share (DeviceModule::make_exchange).
#pragma once

#include <memory>
#include <optional>

#include "training/cuda/collective.hpp"
#include "training/cuda/memory.hpp"

namespace millrace {

class DeviceExchange final : public GradientExchange {
 public:
  DeviceExchange(GradientExchange& host, std::unique_ptr<Collective> collective)
      : host_(host), collective_(std::move(collective)), slot_(host.slot_size()) {}

  [[nodiscard]] std::size_t slot_size() const override { return host_.slot_size(); }
  [[nodiscard]] std::size_t slots() const override { return host_.slots(); }
  [[nodiscard]] int ranks() const override { return host_.ranks(); }
  [[nodiscard]] bool deterministic() const override { return host_.deterministic(); }
  [[nodiscard]] bool takes_device_memory() const override { return false; }
  [[nodiscard]] bool stop_requested() const override { return host_.stop_requested(); }
  void reduce(std::span<float> buffer) override;

 private:
  GradientExchange& host_;
  std::unique_ptr<Collective> collective_;
  Stream stream_;
  Event done_;
  DeviceBuffer<float> slot_;
  PinnedBuffer<float> pinned_;
};

}  // namespace millrace
