// What every kernel's header needs. Headers of kernels are plain C++: host code includes them without CUDA.
//
// Rules of all kernels: pointers are device memory unless a comment says host; matrices are row-major; work
// is queued on the stream, the last parameter, and nothing waits for it; sizes may be 0; outputs are written
// whole, so what was in them does not matter, unless a comment says "adds". Sums run in an order that depends
// on the sizes alone: the same input gives the same bits. No float atomics. A launch that CUDA refuses throws
// std::runtime_error with CUDA's words.
#pragma once

#include <cstddef>
#include <cstdint>

struct CUstream_st;

namespace millrace::kernels {

using StreamView = CUstream_st*;  // a cudaStream_t that somebody else owns

// The upper half of a float, rounded to nearest even.
struct Bfloat16 {
  std::uint16_t bits;
};

}  // namespace millrace::kernels
