// The GPUs that this process sees.
#pragma once

#include <vector>

#include "device/module.hpp"

namespace millrace {

// In CUDA's order. Throws kResource with the reason where there is none that this module can use.
std::vector<DeviceInfo> list_devices();

// What this thread asks of CUDA from now on is that device's.
void use_device(int device);

// Of the runtime that this was built with, and of the driver: "CUDA 13.0, driver for CUDA 13.0".
std::string cuda_versions();

}  // namespace millrace
