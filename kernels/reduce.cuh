// Sums and maxima over the threads of a warp or a block, always in the same order.
#pragma once

#include "kernels/launch.cuh"

namespace millrace::kernels {

constexpr unsigned kAllLanes = 0xFFFFFFFFU;

// Over the lanes of a whole warp; every lane gets the result.
template <class T>
__device__ inline T warp_sum(T value) {
  for (unsigned distance = kWarp / 2; distance > 0; distance /= 2) {
    value += __shfl_xor_sync(kAllLanes, value, distance);
  }
  return value;
}
// NaNs count for nothing.
__device__ inline float warp_max(float value) {
  for (unsigned distance = kWarp / 2; distance > 0; distance /= 2) {
    value = fmaxf(value, __shfl_xor_sync(kAllLanes, value, distance));
  }
  return value;
}

// Over a one-dimensional block of whole warps, called by all its threads; every thread gets the result.
template <class T>
__device__ inline T block_sum(T value) {
  __shared__ T sums[kWarp];  // of each warp: a block has at most 32
  const T of_warp = warp_sum(value);
  if (threadIdx.x % kWarp == 0) sums[threadIdx.x / kWarp] = of_warp;
  __syncthreads();
  T sum = 0;
  for (unsigned w = 0; w < blockDim.x / kWarp; ++w) sum += sums[w];
  __syncthreads();  // the next call writes to them again
  return sum;
}

}  // namespace millrace::kernels
