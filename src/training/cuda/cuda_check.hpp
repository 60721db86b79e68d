// The codes of CUDA's libraries become words at the line where they occur.
#pragma once

#include <string>

#include <cublasLt.h>
#include <cuda_runtime_api.h>

namespace millrace {

// Throw kResource: "copying to the GPU: out of memory (cudaErrorMemoryAllocation)".
void check(cudaError_t code, const std::string& what);
void check(cublasStatus_t status, const std::string& what);

}  // namespace millrace
