#include "statistics/number_counts.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace millrace {

void NumberCounts::resize(std::size_t slots) {
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(std::bit_ceil(std::max<std::size_t>(64, slots))));
  for (const Slot& slot : old) {
    if (slot.count > 0) find(slot.bits) = slot;
  }
}

void NumberCounts::reserve(std::size_t size) {
  if (2 * size >= slots_.size()) resize(2 * size + 1);
}

}  // namespace millrace
