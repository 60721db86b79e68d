#include <cfloat>

#include "kernels/adamw.hpp"
#include "kernels/bfloat16.hpp"
#include "kernels/launch.cuh"
#include "kernels/reduce.cuh"

namespace millrace::kernels {

namespace {

// Squares are summed in at most this many blocks, then over the blocks.
constexpr std::size_t kMostBlocks = 1024;
constexpr std::size_t kPerThread = 16;

unsigned norm_blocks(std::size_t n) {
  return static_cast<unsigned>(std::min<std::size_t>(blocks_for(n, kThreads * kPerThread), kMostBlocks));
}

__global__ void squares_kernel(std::size_t n, const float* gradient, double* sums) {
  double sum = 0;
  for (std::size_t i = thread_index(); i < n; i += thread_count()) {
    const auto value = static_cast<double>(gradient[i]);
    sum += value * value;
  }
  sum = block_sum(sum);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

// One block.
__global__ void add_sums_kernel(unsigned n, const double* sums, double* total) {
  double sum = 0;
  for (unsigned i = threadIdx.x; i < n; i += blockDim.x) sum += sums[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) *total = sum;
}

// The factor that a gradient is multiplied by: the inverse of the weights, and the clipping.
__device__ float gradient_scale(float weight, float clip, const double* squares) {
  const float scale = weight > 0 ? static_cast<float>(1 / static_cast<double>(weight)) : 0;
  if (clip <= 0) return scale;
  const double norm = static_cast<double>(scale) * sqrt(*squares);
  const auto limit = static_cast<double>(clip);
  return norm > limit ? scale * static_cast<float>(limit / norm) : scale;
}

// Four neighbouring parameters of a buffer.
struct alignas(16) Four {
  float at[4];
};
struct alignas(8) FourLow {
  Bfloat16 at[4];
};
__device__ Four& four(float* buffer, std::size_t i) {
  return reinterpret_cast<Four*>(buffer)[i];
}

__device__ void update(const AdamwStep& step, float decay, float d, float& p, float& m, float& v) {
  m = step.beta1 * m + (1 - step.beta1) * d;
  v = step.beta2 * v + (1 - step.beta2) * d * d;
  const float direction = m * step.first_correction / (sqrtf(v) * step.root_correction + step.epsilon);
  p -= step.learning_rate * (direction + decay * p);
}

__device__ void update_four(const AdamwStep& step, float scale, const Four& gradient,
                            const AdamwBuffers& buffers, std::size_t i) {
  Four p = four(buffers.parameters, i);
  Four m = four(buffers.first_moment, i);
  Four v = four(buffers.second_moment, i);
  const float decay = buffers.decays[i / 4] != 0 ? step.weight_decay : 0;
  FourLow low;
  for (unsigned k = 0; k < 4; ++k) {
    update(step, decay, gradient.at[k] * scale, p.at[k], m.at[k], v.at[k]);
    low.at[k] = round_to<Bfloat16>(p.at[k]);
  }
  four(buffers.parameters, i) = p;
  four(buffers.first_moment, i) = m;
  four(buffers.second_moment, i) = v;
  if (buffers.low != nullptr) reinterpret_cast<FourLow*>(buffers.low)[i] = low;
}

__global__ void adamw_kernel(std::size_t n, AdamwStep step, const float* gradient, StepTail tail,
                             const double* squares, AdamwBuffers buffers) {
  if (!(fabsf(tail[0]) <= FLT_MAX)) return;  // infinite or NaN
  __shared__ float scale;
  if (threadIdx.x == 0) scale = gradient_scale(tail[1], step.clip, squares);
  __syncthreads();
  for (std::size_t i = thread_index(); i < n / 4; i += thread_count()) {
    update_four(step, scale, reinterpret_cast<const Four*>(gradient)[i], buffers, i);
  }
}

}  // namespace

std::size_t squared_norm_scratch(std::size_t n) {
  return norm_blocks(n);
}

void squared_norm(std::size_t n, const float* gradient, double* scratch, double* squares, StreamView stream) {
  launch(squares_kernel, norm_blocks(n), kThreads, stream, n, gradient, scratch);
  launch(add_sums_kernel, 1, kThreads, stream, norm_blocks(n), scratch, squares);
}

void adamw_update(std::size_t n, const AdamwStep& step, const float* gradient, StepTail tail,
                  const double* squares, const AdamwBuffers& buffers, StreamView stream) {
  launch(adamw_kernel, blocks_for(n / 4), kThreads, stream, n, step, gradient, tail, squares, buffers);
}

}  // namespace millrace::kernels
