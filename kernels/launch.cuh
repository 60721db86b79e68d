// How kernels are launched and how their threads share work. By cudaLaunchKernel rather than <<<>>>, so that
// the same sources are also plain C++ (tests/kernels/emulator).
#pragma once

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <type_traits>

#include <cuda_runtime.h>

#include "kernels/types.hpp"

namespace millrace::kernels {

constexpr unsigned kThreads = 256;  // of a block, where nothing speaks for another number
constexpr unsigned kWarp = 32;
constexpr unsigned kWarps = kThreads / kWarp;

// Blocks for `items` of work, `per_block` at a time. More than keep any device busy make no sense: threads go
// on to further items in strides.
inline unsigned blocks_for(std::size_t items, std::size_t per_block = kThreads) {
  constexpr std::size_t kMost = 8192;
  return static_cast<unsigned>(std::min(items / per_block + (items % per_block != 0), kMost));
}

// Throws std::runtime_error with CUDA's words.
inline void check_launch(cudaError_t error) {
  if (error == cudaSuccess) return;
  (void)cudaGetLastError();  // told here, so later calls need not stumble over it
  throw std::runtime_error(std::string("CUDA refused to launch a kernel: ") + cudaGetErrorString(error));
}

// Queues a kernel; does nothing where the grid is empty.
template <class... Parameters>
void launch(void (*kernel)(Parameters...), dim3 blocks, dim3 threads, StreamView stream,
            std::type_identity_t<Parameters>... arguments) {
  if (blocks.x == 0 || blocks.y == 0) return;
  std::array<void*, sizeof...(Parameters)> pointers{static_cast<void*>(&arguments)...};
  check_launch(cudaLaunchKernel(kernel, blocks, threads, pointers.data(), 0, stream));
}

// This thread among all of a one-dimensional grid, and how many there are.
__device__ inline std::size_t thread_index() {
  return std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
}
__device__ inline std::size_t thread_count() {
  return std::size_t{gridDim.x} * blockDim.x;
}

}  // namespace millrace::kernels
