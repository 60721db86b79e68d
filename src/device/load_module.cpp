#include "device/load_module.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <dlfcn.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
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

bool gpu_is_forbidden() {
  const char* value = std::getenv("MILLRACE_DEVICE");
  const std::string word = value == nullptr ? "" : value;
  if (word.empty() || word == "auto") return false;
  if (word == "cpu") return true;
  throw Error(Topic::kEnvironmentVariable,
              "MILLRACE_DEVICE is '{}': only 'cpu' has a meaning, it forbids the GPU", word);
}

}  // namespace

void check_device_word(const std::string& option, const std::string& device) {
  const std::vector<std::string> words{"auto", "cpu", "cuda"};
  if (std::ranges::find(words, device) != words.end()) return;
  throw Error(Topic::kUnknownName, "{} '{}'{}: choose one of {}", option, device, suggestion(device, words),
              join(words, ", "));
}

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

// Without a driver the module is not even loaded, which takes CUDA's libraries and time; one that is asked
// for by name may be something else, so it is loaded in any case.
std::string find_usable_module() {
  if (gpu_is_forbidden()) throw Error(Topic::kNoGpu, "MILLRACE_DEVICE is 'cpu'");
  if (std::getenv("MILLRACE_CUDA_MODULE") == nullptr && !has_cuda_driver()) {
    throw Error(Topic::kNoGpu, "no CUDA driver (libcuda.so.1 is missing)");
  }
  return find_device_module();
}

void* load_module_function(const std::string& path, const char* name) {
  // Never unloaded: what it made and errors from it may outlive any handle.
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* reason = ::dlerror();
    throw resource_error("the module does not load: {}", reason == nullptr ? path : std::string(reason));
  }
  const auto version = symbol<const char* (*)()>(library, kModuleVersionSymbol);
  if (version == nullptr) throw resource_error("'{}' is no module of Millrace's", path);
  require_this_version(path, version());
  void* function = ::dlsym(library, name);
  if (function == nullptr) throw resource_error("'{}' has no {}", path, name);
  return function;
}

ScoringModule& load_scoring_module(const std::string& path) {
  return load_module_object<ScoringModule>(path, kScoringModuleSymbol);
}

bool has_cuda_driver() {
  void* driver = ::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (driver != nullptr) ::dlclose(driver);
  return driver != nullptr;
}

}  // namespace millrace
