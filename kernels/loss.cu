#include "kernels/launch.cuh"
#include "kernels/loss.hpp"
#include "kernels/reduce.cuh"

namespace millrace::kernels {

namespace {

struct Rows {
  std::size_t rows;
  std::size_t outputs;
  const float* target;
  const float* weight;
  float* logits;
  float* losses;
};

// Each overwrites a logit with the gradient and returns the loss.
__device__ float binary(float& z, float y) {
  const float logit = z;
  const float small = expf(-fabsf(logit));  // never overflows
  z = (logit >= 0 ? 1 : small) / (1 + small) - y;
  return (logit > 0 ? logit : 0) - logit * y + log1pf(small);
}

__device__ float regression(float& z, float y) {
  const float difference = z - y;
  z = 2 * difference;
  return difference * difference;
}

// A thread a row.
template <float (*kLoss)(float&, float)>
__global__ void single_output_kernel(Rows of) {
  for (std::size_t r = thread_index(); r < of.rows; r += thread_count()) {
    float z = of.logits[r];
    of.losses[r] = of.weight[r] * kLoss(z, of.target[r]);
    of.logits[r] = of.weight[r] * z;
  }
}

// −log softmax(z)[target], computed by a warp; every lane returns it. z becomes weight · gradient.
__device__ float multiclass(std::size_t outputs, std::size_t target, float weight, float* z) {
  const unsigned lane = threadIdx.x % kWarp;
  float largest = -INFINITY;
  for (std::size_t o = lane; o < outputs; o += kWarp) largest = fmaxf(largest, z[o]);
  largest = warp_max(largest);
  const float distance = largest - z[target];
  __syncwarp();  // all have read the target's logit before its lane overwrites it
  float sum = 0;
  for (std::size_t o = lane; o < outputs; o += kWarp) sum += z[o] = expf(z[o] - largest);
  sum = warp_sum(sum);
  for (std::size_t o = lane; o < outputs; o += kWarp) z[o] = weight * (z[o] / sum - (o == target ? 1 : 0));
  return logf(sum) + distance;
}

// A warp a row.
__global__ void multiclass_kernel(Rows of) {
  for (std::size_t r = thread_index() / kWarp; r < of.rows; r += thread_count() / kWarp) {
    const auto target = static_cast<std::size_t>(of.target[r]);
    const float loss = multiclass(of.outputs, target, of.weight[r], of.logits + r * of.outputs);
    if (threadIdx.x % kWarp == 0) of.losses[r] = of.weight[r] * loss;
  }
}

__device__ double strided_sum(std::size_t n, const float* values) {
  double sum = 0;
  for (std::size_t i = threadIdx.x; i < n; i += blockDim.x) sum += static_cast<double>(values[i]);
  return sum;
}

// One block.
__global__ void sum_losses_kernel(std::size_t rows, const float* losses, const float* weight, float* sums) {
  const double loss = block_sum(strided_sum(rows, losses));
  const double weights = block_sum(strided_sum(rows, weight));
  if (threadIdx.x != 0) return;
  sums[0] = static_cast<float>(loss);
  sums[1] = static_cast<float>(weights);
}

}  // namespace

void loss_and_delta(Task task, std::size_t rows, std::size_t outputs, const float* target,
                    const float* weight, float* logits, float* losses, StreamView stream) {
  const Rows of{rows, outputs, target, weight, logits, losses};
  switch (task) {
    case Task::kBinary:
      return launch(single_output_kernel<binary>, blocks_for(rows), kThreads, stream, of);
    case Task::kMulticlass:
      return launch(multiclass_kernel, blocks_for(rows, kWarps), kThreads, stream, of);
    case Task::kRegression:
      return launch(single_output_kernel<regression>, blocks_for(rows), kThreads, stream, of);
  }
}

void sum_losses(std::size_t rows, const float* losses, const float* weight, float* sums, StreamView stream) {
  constexpr unsigned kWholeBlock = 1024;
  launch(sum_losses_kernel, 1, kWholeBlock, stream, rows, losses, weight, sums);
}

}  // namespace millrace::kernels
