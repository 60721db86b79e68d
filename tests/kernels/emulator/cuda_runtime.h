// A stand-in for CUDA's header: with it in the include path, a .cu file is plain C++, and its kernels run on
// the CPU, thread by thread (emulator/block.hpp). It has what kernels/ uses and no more.
//
// What it can show: wrong indices, races that another order of threads or blocks turns into another result,
// barriers that some threads never reach, lanes that read from lanes that take no part; with sanitizers,
// accesses out of bounds and misaligned ones. What it cannot: races within what threads do between two
// barriers, as one thread runs to the next barrier before another starts; reads of shared memory before it is
// written, as it lives on between blocks; streams, speed, what nvcc makes of the code, and the last bits of
// expf and the like.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include "kernels/emulator/block.hpp"

#define __global__
#define __device__
#define __host__
#define __shared__ static

using cudaStream_t = struct CUstream_st*;
enum cudaError_t { cudaSuccess, cudaErrorInvalidConfiguration };

inline const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaSuccess ? "no error" : "invalid configuration argument";
}
inline cudaError_t cudaGetLastError() {
  return cudaSuccess;
}

// Runs the whole grid before it returns.
template <class... Parameters>
cudaError_t cudaLaunchKernel(void (*kernel)(Parameters...), dim3 blocks, dim3 threads, void** arguments,
                             std::size_t, cudaStream_t) {
  const bool possible = emulator::size(threads) >= 1 && emulator::size(threads) <= 1024 &&
                        emulator::size(blocks) >= 1 && blocks.y <= 65535;
  if (!possible) return cudaErrorInvalidConfiguration;
  emulator::run(
      blocks, threads, [&]<std::size_t... I>(std::index_sequence<I...>) {
        return [=] { kernel(*static_cast<Parameters*>(arguments[I])...); };
      }(std::index_sequence_for<Parameters...>{}));
  return cudaSuccess;
}

inline void __syncthreads() {
  emulator::wait_for_block();
}
inline void __syncwarp(unsigned lanes = 0xFFFFFFFFU) {
  emulator::wait_for_warp(lanes);
}

template <class T>
T __shfl_sync(unsigned lanes, T value, int source) {
  std::uint64_t bits = 0;
  static_assert(sizeof(T) <= sizeof(bits));
  std::memcpy(&bits, &value, sizeof(T));
  bits = emulator::exchange(lanes, bits, static_cast<unsigned>(source));
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}
template <class T>
T __shfl_xor_sync(unsigned lanes, T value, unsigned mask) {
  return __shfl_sync(lanes, value, static_cast<int>(emulator::lane() ^ mask));
}
template <class T>
T __shfl_up_sync(unsigned lanes, T value, unsigned distance) {
  const unsigned lane = emulator::lane();
  return __shfl_sync(lanes, value, static_cast<int>(lane < distance ? lane : lane - distance));
}
inline unsigned __ballot_sync(unsigned lanes, bool vote) {
  unsigned votes = 0;
  for (unsigned i = 0; i < 32; ++i) {
    if ((lanes >> i & 1U) != 0) votes |= __shfl_sync(lanes, unsigned{vote}, static_cast<int>(i)) << i;
  }
  return votes;
}
inline int __ffs(int value) {
  return __builtin_ffs(value);
}
