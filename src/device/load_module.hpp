// Finds and loads the module with the CUDA code, so that no executable links a CUDA library itself.
#pragma once

#include <string>

#include "device/module.hpp"

namespace millrace {

inline constexpr const char* kCudaModule = "libmillrace_cuda.so";

// Throws kUnknownName, naming the option, unless `device` is auto, cpu or cuda.
void check_device_word(const std::string& option, const std::string& device);

// MILLRACE_CUDA_MODULE where that is set; else the module beside this executable or in ../lib from there.
// Throws kResource where there is none, saying where it was looked for.
std::string find_device_module();
// The same, where this process may and can use a GPU. Throws kNoGpu where MILLRACE_DEVICE forbids it or no
// driver is installed, kUsage where that variable has another value.
std::string find_usable_module();

// Whether a driver is installed here: a cheap look before the module and CUDA's libraries are loaded.
bool has_cuda_driver();

// The address of the module's function of this name. The module stays loaded until the process ends. Throws
// kResource where the file does not load, is no such module, or belongs to another build.
void* load_module_function(const std::string& path, const char* symbol);
// What it returns, by its own type: Object*().
template <class Object>
Object& load_module_object(const std::string& path, const char* symbol) {
  return *reinterpret_cast<Object* (*)()>(load_module_function(path, symbol))();
}
ScoringModule& load_scoring_module(const std::string& path);

}  // namespace millrace
