// NCCL's functions, looked up in libnccl.so.2 when they are first wanted: one GPU needs no NCCL.
#pragma once

#include <string>

#include <nccl.h>

namespace millrace {

struct NcclLibrary {
  decltype(&ncclGetVersion) get_version = nullptr;
  decltype(&ncclGetUniqueId) get_unique_id = nullptr;
  decltype(&ncclCommInitRankConfig) init_rank = nullptr;
  decltype(&ncclCommGetAsyncError) get_async_error = nullptr;
  decltype(&ncclCommAbort) abort = nullptr;
  decltype(&ncclAllReduce) all_reduce = nullptr;
  decltype(&ncclGetErrorString) error_string = nullptr;
  decltype(&ncclGetLastError) last_error = nullptr;

  [[nodiscard]] std::string version() const;  // "2.28.9"
};

// Throws kResource where the library is missing or too old.
const NcclLibrary& nccl_library();

}  // namespace millrace
