// A network on a device, as a scorer uses it: small batches are left to the CPU, and so is everything for a
// while when the device has failed. Internal to device/.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "device/scoring_device.hpp"

namespace millrace {

class PlacedNetwork final : public ForwardDevice {
 public:
  using Clock = std::chrono::steady_clock;
  // Between a failure and the next try: a device that is lost costs next to nothing, one that was out of
  // memory comes back.
  static constexpr std::chrono::seconds kRest{60};

  PlacedNetwork(std::unique_ptr<NetworkOnDevice> network, std::string model, std::size_t least_rows,
                std::shared_ptr<DeviceCounts> counts, Clock::duration rest = kRest);

  bool forward(const BatchView& batch, std::span<float> logits) override;

 private:
  [[nodiscard]] bool rests() const;
  void has_failed(const std::string& why);
  void has_worked(std::size_t rows);

  std::unique_ptr<NetworkOnDevice> network_;
  std::string model_;
  std::size_t least_rows_;
  std::shared_ptr<DeviceCounts> counts_;
  Clock::duration rest_;
  std::atomic<Clock::rep> rests_until_{0};  // of the clock; 0: it works
};

}  // namespace millrace
