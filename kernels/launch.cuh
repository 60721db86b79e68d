// How kernels are launched and how their threads share work. By cudaLaunchKernel rather than <<<>>>, so that
// the same sources are also plain C++ (tests/kernels/emulator).
#pragma once

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <tuple>

#include <cuda_runtime.h>

#include "kernels/types.hpp"

namespace millrace::kernels {

constexpr unsigned kThreads = 256;  // of a block, where nothing speaks for another number
constexpr unsigned kWarp = 32;

// Blocks for `items` of work, `per_block` at a time. More than keep any device busy make no sense: threads go
// on to the next items in strides.
inline unsigned blocks_for(std::size_t items, std::size_t per_block = kThreads) {
  constexpr std::size_t kMost = 8192;
  return static_cast<unsigned>(std::min((items + per_block - 1) / per_block, kMost));
}

// Queues a kernel; does nothing where the grid is empty. Throws std::runtime_error where CUDA refuses.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), dim3 blocks, dim3 threads, StreamView stream,
            Arguments... arguments) {
  if (blocks.x == 0 || blocks.y == 0) return;
  std::tuple<Parameters...> values(arguments...);
  auto pointers = std::apply(
      [](auto&... each) {
        return std::array<void*, sizeof...(Parameters)>{
            const_cast<void*>(static_cast<const void*>(&each))...};
      },
      values);
  const cudaError_t error = cudaLaunchKernel(kernel, blocks, threads, pointers.data(), 0, stream);
  if (error == cudaSuccess) return;
  (void)cudaGetLastError();  // told here: later calls need not stumble over it
  throw std::runtime_error(std::string("CUDA refused to launch a kernel: ") + cudaGetErrorString(error));
}

// This thread among all of a one-dimensional grid, and how many there are.
__device__ inline std::size_t thread_index() {
  return std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
}
__device__ inline std::size_t thread_count() {
  return std::size_t{gridDim.x} * blockDim.x;
}

}  // namespace millrace::kernels
