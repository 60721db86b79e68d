// What a module for a device offers to any executable that loads it: its devices, and networks whose forward
// pass they make. An interface without code: the two are linked apart and meet through virtual functions.
// What training needs besides is in training/device_module.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/network.hpp"

namespace millrace {

struct DeviceInfo {
  std::string name;          // "NVIDIA H100 80GB HBM3"
  std::string bus_id;        // where it sits in this host: two ranks with the same one share it
  std::uint64_t memory = 0;  // bytes
};

// A network whose parameters lie on a device. Thread-safe.
class NetworkOnDevice {
 public:
  NetworkOnDevice() = default;
  virtual ~NetworkOnDevice() = default;
  NetworkOnDevice(const NetworkOnDevice&) = delete;
  NetworkOnDevice& operator=(const NetworkOnDevice&) = delete;

  // As Network::forward: logits are rows × n_outputs. Sums run in another order, so that the last bits
  // differ, and a row's may depend on the batch that it comes in. Throws kResource where the device fails;
  // what was asked before and what is asked later is not touched by that, as far as the device still works.
  virtual void forward(const BatchView& batch, std::span<float> logits) = 0;
};

class ScoringModule {
 public:
  ScoringModule() = default;
  virtual ~ScoringModule() = default;
  ScoringModule(const ScoringModule&) = delete;
  ScoringModule& operator=(const ScoringModule&) = delete;

  // The visible devices. Throws kResource with the reason where there is none that answers.
  virtual std::vector<DeviceInfo> devices() = 0;
  // "CUDA 13.0, driver for CUDA 13.0"
  virtual std::string versions() = 0;
  // Throws kResource where the device has no room for it.
  virtual std::unique_ptr<NetworkOnDevice> make_network(int device, const Network& network) = 0;
};

// The symbols that a module exports, with C linkage. The version is base/version.hpp's: interfaces of this
// kind hold between parts of one build only.
inline constexpr const char* kModuleVersionSymbol = "millrace_module_version";  // const char*()
inline constexpr const char* kScoringModuleSymbol = "millrace_scoring_module";  // ScoringModule*()

}  // namespace millrace
