// Which device trains, on all ranks alike, and why: training.device, what this machine has, and
// MILLRACE_DEVICE=cpu, which forbids the GPU.
#pragma once

#include <memory>
#include <string>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "model/network.hpp"
#include "training/backend.hpp"

namespace millrace {

class DeviceModule;

struct Device {
  std::string name = "cpu";        // or "cuda"
  std::string reason;              // where 'auto' led to the CPU: why there is no GPU
  std::string found;               // the GPU's name
  std::string gradients;           // how they are summed over GPUs: "NCCL 2.28.9", "MPI: ranks share a GPU"
  int gpus = 0;                    // different ones, of all ranks together
  bool joined = false;             // GPUs talk to each other, without MPI
  DeviceModule* module = nullptr;  // null: the CPU
  int index = 0;                   // of the GPU among those visible to this rank
};

// As load_module_object (device/load_module.hpp).
DeviceModule& load_device_module(const std::string& path);

// Collective: all ranks get the same name. A GPU counts as there if each rank has one that answers. Throws
// kResource where 'cuda' is asked for and not there, kUsage for another word.
Device choose_device(const Communicator& comm, const TrainingConfig& config);

// For keys, collective: "cpu", or "cuda" with the precision, which results depend on there.
std::string training_device(const Communicator& comm, const TrainingConfig& config);

// Training joins the ranks' GPUs where the device says so; scoring needs no other rank.
enum class BackendUse { kTraining, kScoring };

// Collective. Throws kResource where the device fails.
std::unique_ptr<Backend> make_backend(const Communicator& comm, const Device& device, const NetworkSpec& spec,
                                      const TrainingConfig& config, BackendUse use);

// "cpu (OpenBLAS Haswell, 1 thread a rank); no GPU: no CUDA driver (libcuda.so.1 is missing)"
std::string describe(const Device& device, const Backend& backend);

}  // namespace millrace
