#include <cub/device/device_radix_sort.cuh>

#include "kernels/embedding_gradient.hpp"
#include "kernels/launch.cuh"

namespace millrace::kernels {

namespace {

// CUB's radix sort is stable, and needs no synchronisation. Without scratch it says how much it wants.
void sort(std::size_t count, unsigned bits, const std::uint32_t* keys, const std::uint32_t* positions,
          std::uint32_t* sorted_keys, std::uint32_t* sorted_positions, void* scratch,
          std::size_t& scratch_bytes, StreamView stream) {
  const cudaError_t error =
      cub::DeviceRadixSort::SortPairs(scratch, scratch_bytes, keys, sorted_keys, positions, sorted_positions,
                                      static_cast<std::uint32_t>(count), 0, static_cast<int>(bits), stream);
  check_launch(error);
}

}  // namespace

std::size_t sort_scratch_bytes(std::size_t count) {
  std::size_t bytes = 0;
  sort(count, 32, nullptr, nullptr, nullptr, nullptr, nullptr, bytes, nullptr);
  return bytes;
}

void sort_by_key(std::size_t count, unsigned bits, const std::uint32_t* keys, const std::uint32_t* positions,
                 std::uint32_t* sorted_keys, std::uint32_t* sorted_positions, void* scratch,
                 std::size_t scratch_bytes, StreamView stream) {
  if (count == 0) return;
  sort(count, bits, keys, positions, sorted_keys, sorted_positions, scratch, scratch_bytes, stream);
}

}  // namespace millrace::kernels
