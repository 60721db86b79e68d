// The GPU that scores large batches, of any number of models and for any number of threads. What it fails at,
// the CPU does: scoring never ends for a GPU. docs/gpu.md, "Scoring".
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "device/module.hpp"
#include "model/forward_device.hpp"

namespace millrace {

struct DeviceCounts {
  std::atomic<std::uint64_t> batches{0}, rows{0};  // that the GPU has scored
  std::atomic<std::uint64_t> failures{0};          // of the GPU: batches that the CPU took over, models
                                                   // that found no room
};

struct ScoringDeviceOptions {
  std::string device = "cpu";     // or auto: a GPU where there is one; cuda: a GPU
  std::size_t least_rows = 1024;  // of a batch that the GPU gets
};

class ScoringDevice {
 public:
  // `index`: of the module's devices, which are called `name`. `module` must outlive all that is placed.
  ScoringDevice(ScoringModule& module, int index, std::string name, std::size_t least_rows);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::size_t least_rows() const { return least_rows_; }
  // The network's parameters go to the device; `model` is what warnings call it. Null, with a warning, where
  // the device fails: the CPU scores it. Thread-safe.
  [[nodiscard]] std::shared_ptr<ForwardDevice> place(const Network& network, const std::string& model);
  [[nodiscard]] const DeviceCounts& counts() const { return *counts_; }

 private:
  ScoringModule& module_;
  int index_;
  std::string name_;
  std::size_t least_rows_;
  std::shared_ptr<DeviceCounts> counts_;
};

// Null: the CPU scores everything ('cpu'; 'auto' where there is no GPU, and the log says why). Of several
// GPUs the one that is `local_rank`'s turn. Throws kNoGpu where 'cuda' is asked for and not there, kUsage for
// another word.
std::unique_ptr<ScoringDevice> find_scoring_device(const ScoringDeviceOptions& options, int local_rank = 0);

}  // namespace millrace
