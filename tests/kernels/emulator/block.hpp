// The threads of a block as fibers on one CPU thread. Each warp in turn runs as far as it gets without the
// others, and in it each lane runs to its next barrier, all in an order that is shuffled again and again. So
// a result that depends on the order does not repeat, and a barrier that some threads never reach is found
// rather than waited for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

// CUDA's, without the third dimension, which no kernel uses.
struct dim3 {  // NOLINT(readability-identifier-naming)
  constexpr dim3(unsigned columns = 1, unsigned rows = 1) : x(columns), y(rows) {}
  unsigned x, y;
};

// Of the thread that runs.
inline dim3 gridDim, blockDim, blockIdx, threadIdx;  // NOLINT(readability-identifier-naming)

namespace emulator {

constexpr std::size_t size(dim3 shape) {
  return std::size_t{shape.x} * shape.y;
}

// Runs `thread` once for each thread of each block. Throws std::logic_error where threads wait in vain.
void run(dim3 blocks, dim3 threads, const std::function<void()>& thread);

// To be called by a thread of a running block.
unsigned lane();
void wait_for_block();
void wait_for_warp(unsigned lanes);  // a bit for each lane that is to come
// What the lane `source` hands in here.
std::uint64_t exchange(unsigned lanes, std::uint64_t value, unsigned source);

}  // namespace emulator
