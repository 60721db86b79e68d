#include "kernels/dense.hpp"
#include "kernels/launch.cuh"

namespace millrace::kernels {

namespace {

__global__ void fill_with_bias_kernel(std::size_t n, std::size_t width, const float* bias, float* to) {
  for (std::size_t i = thread_index(); i < n; i += thread_count()) to[i] = bias[i % width];
}

}  // namespace

void fill_with_bias(std::size_t rows, std::size_t width, const float* bias, float* to, StreamView stream) {
  launch(fill_with_bias_kernel, blocks_for(rows * width), kThreads, stream, rows * width, width, bias, to);
}

}  // namespace millrace::kernels
