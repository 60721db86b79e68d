#include "training/load_module.hpp"

#include <cstdlib>
#include <filesystem>

#include <dlfcn.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/topics.hpp"
#include "base/version.hpp"

namespace millrace {

namespace {

template <class Function>
Function symbol(void* library, const char* name) {
  return reinterpret_cast<Function>(::dlsym(library, name));
}

std::filesystem::path folder_of_this_program() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) throw resource_error("cannot tell where this program lies: {}", error.message());
  return program.parent_path();
}

void require_this_version(const std::string& path, const std::string& version) {
  if (version == code_version()) return;
  throw Error(Topic::kNewerFormat, "'{}' belongs to version {}, and this is {}: install both from one build",
              path, version, code_version());
}

}  // namespace

std::string find_device_module() {
  if (const char* chosen = std::getenv("MILLRACE_CUDA_MODULE"); chosen != nullptr && *chosen != '\0') {
    return chosen;
  }
  const std::filesystem::path here = folder_of_this_program();
  const std::filesystem::path library = (here / "../lib").lexically_normal();
  for (const auto& folder : {here, library}) {
    std::string path = (folder / kCudaModule).string();
    if (path_exists(path)) return path;
  }
  throw resource_error("{} is neither in '{}' nor in '{}'", kCudaModule, here.string(), library.string());
}

DeviceModule& load_device_module(const std::string& path) {
  // Never unloaded: back ends and errors from it may outlive any handle.
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* reason = ::dlerror();
    throw resource_error("the module does not load: {}", reason == nullptr ? path : std::string(reason));
  }
  const auto version = symbol<const char* (*)()>(library, kModuleVersionSymbol);
  const auto module = symbol<DeviceModule* (*)()>(library, kModuleSymbol);
  if (version == nullptr || module == nullptr) throw resource_error("'{}' is no module of Millrace's", path);
  require_this_version(path, version());
  return *module();
}

bool has_cuda_driver() {
  void* driver = ::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (driver != nullptr) ::dlclose(driver);
  return driver != nullptr;
}

}  // namespace millrace
