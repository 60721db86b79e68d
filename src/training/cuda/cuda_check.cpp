#include "training/cuda/cuda_check.hpp"

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

void check(cudaError_t code, const std::string& what) {
  if (code == cudaSuccess) return;
  throw Error(Topic::kGpuFailed, "{}: {} ({})", what, cudaGetErrorString(code), cudaGetErrorName(code));
}

void check(cublasStatus_t status, const std::string& what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw Error(Topic::kGpuFailed, "{}: {}", what, cublasLtGetStatusString(status));
}

}  // namespace millrace
