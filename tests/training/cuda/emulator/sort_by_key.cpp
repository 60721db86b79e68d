// kernels/sort_by_key.cu needs CUB; this is what it does.
#include <algorithm>
#include <numeric>
#include <vector>

#include "kernels/embedding_gradient.hpp"

namespace millrace::kernels {

std::size_t sort_scratch_bytes(std::size_t) {
  return 1;
}

void sort_by_key(std::size_t count, unsigned bits, const std::uint32_t* keys, const std::uint32_t* positions,
                 std::uint32_t* sorted_keys, std::uint32_t* sorted_positions, void*, std::size_t,
                 StreamView) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::uint32_t mask = bits >= 32 ? ~0U : (1U << bits) - 1;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return keys[i] & mask; });
  for (std::size_t i = 0; i < count; ++i) {
    sorted_keys[i] = keys[order[i]];
    sorted_positions[i] = positions[order[i]];
  }
}

}  // namespace millrace::kernels
