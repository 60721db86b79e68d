// What a module with a back end for a device offers to the executable that trains, beside what it offers to
// all (device/module.hpp): an interface without code too. All communication between ranks is the
// executable's, except what the devices do among themselves once they have joined a group.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/pipeline_config.hpp"
#include "device/module.hpp"
#include "training/backend.hpp"
#include "training/gradient_exchange.hpp"

namespace millrace {

// The devices that sum gradients among themselves, one a rank.
struct DeviceGroup {
  std::string id;  // from make_group_id() on one rank, the same on all
  int rank = 0;
  int size = 1;
  double deadline = 0;  // seconds that a collective may take
};

class DeviceBackend : public Backend {
 public:
  // From now on step() sums gradients within the group instead of through its exchange (which must not be
  // deterministic). All ranks call it; it ends at the latest by the group's deadline. Throws kResource.
  virtual void join(const DeviceGroup& group) = 0;
};

class DeviceModule : public ScoringModule {
 public:
  // The library by which devices talk to each other: "NCCL 2.28.9". Throws kResource where it is missing.
  virtual std::string collectives() = 0;
  virtual std::string make_group_id() = 0;
  virtual std::unique_ptr<DeviceBackend> make_backend(int device, const NetworkSpec& spec,
                                                      const TrainingConfig& config) = 0;
  // The way that gradients take in step(), as an exchange of host memory: copied to the device, reduced as
  // there, copied back. For tests of the contract that all exchanges share. `host` must outlive it.
  virtual std::unique_ptr<GradientExchange> make_exchange(int device, GradientExchange& host,
                                                          const std::optional<DeviceGroup>& group) = 0;
};

// As device/module.hpp's: DeviceModule*().
inline constexpr const char* kModuleSymbol = "millrace_module";

}  // namespace millrace
