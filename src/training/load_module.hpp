// Finds and loads the module with the CUDA back end, so that the executable itself links no CUDA library.
#pragma once

#include <string>

#include "training/device_module.hpp"

namespace millrace {

inline constexpr const char* kCudaModule = "libmillrace_cuda.so";

// MILLRACE_CUDA_MODULE where that is set; else the module beside this executable or in ../lib from there.
// Throws kResource where there is none, saying where it was looked for.
std::string find_device_module();

// Stays loaded until the process ends. Throws kResource where the file does not load, is no such module, or
// belongs to another build.
DeviceModule& load_device_module(const std::string& path);

// Whether a driver is installed here: a cheap look before the module and CUDA's libraries are loaded.
bool has_cuda_driver();

}  // namespace millrace
