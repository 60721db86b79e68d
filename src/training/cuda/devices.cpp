#include "training/cuda/devices.hpp"

#include <array>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "training/cuda/cuda_check.hpp"

namespace millrace {

namespace {

constexpr int kOldest = 8;  // compute capability: bf16 and TF32 begin with Ampere

std::string cuda_version(int number) {
  return fmt::format("{}.{}", number / 1000, number % 1000 / 10);
}

// A driver that is missing and one that is too old have the same code.
void require_driver() {
  int driver = 0;
  check(cudaDriverGetVersion(&driver), "asking for the CUDA driver's version");
  if (driver == 0) throw Error(Topic::kNoGpu, "no CUDA driver (libcuda.so.1 is missing)");
  if (driver / 1000 < CUDART_VERSION / 1000) {
    throw Error(Topic::kNoGpu, "the CUDA driver is for CUDA {}, and this module needs {}",
                cuda_version(driver), cuda_version(CUDART_VERSION));
  }
}

DeviceInfo examine(int index) {
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, index), fmt::format("examining GPU {}", index));
  if (properties.major < kOldest) {
    throw Error(Topic::kNoGpu,
                "GPU {} ({}) has compute capability {}.{}, and {}.0 is needed: leave it out with "
                "CUDA_VISIBLE_DEVICES",
                index, static_cast<const char*>(properties.name), properties.major, properties.minor,
                kOldest);
  }
  std::array<char, 32> bus_id{};
  check(cudaDeviceGetPCIBusId(bus_id.data(), static_cast<int>(bus_id.size()), index),
        fmt::format("examining GPU {}", index));
  return {static_cast<const char*>(properties.name), bus_id.data(), properties.totalGlobalMem};
}

}  // namespace

std::string cuda_versions() {
  int driver = 0;
  check(cudaDriverGetVersion(&driver), "asking for the CUDA driver's version");
  return fmt::format("CUDA {}, driver for CUDA {}", cuda_version(CUDART_VERSION), cuda_version(driver));
}

void use_device(int device) {
  check(cudaSetDevice(device), fmt::format("using GPU {}", device));
}

std::vector<DeviceInfo> list_devices() {
  require_driver();
  int count = 0;
  check(cudaGetDeviceCount(&count), "looking for a GPU");
  std::vector<DeviceInfo> devices;
  for (int index = 0; index < count; ++index) devices.push_back(examine(index));
  if (devices.empty()) throw Error(Topic::kNoGpu, "a CUDA driver, but no GPU");
  return devices;
}

}  // namespace millrace
