#include "training/cuda/nccl_library.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace millrace {

namespace {

constexpr const char* kName = "libnccl.so.2";

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) throw resource_error("{} is too old: it has no {}", kName, name);
}

NcclLibrary load() {
  void* library = ::dlopen(kName, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) throw resource_error("no NCCL ({})", ::dlerror());
  NcclLibrary nccl;
  find(library, "ncclGetVersion", nccl.get_version);
  find(library, "ncclGetUniqueId", nccl.get_unique_id);
  find(library, "ncclCommInitRankConfig", nccl.init_rank);
  find(library, "ncclCommGetAsyncError", nccl.get_async_error);
  find(library, "ncclCommAbort", nccl.abort);
  find(library, "ncclAllReduce", nccl.all_reduce);
  find(library, "ncclGetErrorString", nccl.error_string);
  find(library, "ncclGetLastError", nccl.last_error);
  return nccl;
}

}  // namespace

std::string NcclLibrary::version() const {
  int number = 0;
  get_version(&number);
  return fmt::format("{}.{}.{}", number / 10000, number / 100 % 100, number % 100);
}

const NcclLibrary& nccl_library() {
  static const NcclLibrary kLibrary = load();
  return kLibrary;
}

}  // namespace millrace
