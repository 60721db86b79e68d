#include "statistics/number_counts.hpp"

#include <algorithm>
#include <utility>

namespace millrace {

NumberCounts::Slot& NumberCounts::find(std::uint64_t bits) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = mix_bits(bits) & mask;
  while (slots_[i].count > 0 && slots_[i].bits != bits) i = (i + 1) & mask;
  return slots_[i];
}

void NumberCounts::grow() {
  const std::size_t size = std::max<std::size_t>(64, 2 * slots_.size());
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(size));
  for (const Slot& slot : old) {
    if (slot.count > 0) find(slot.bits) = slot;
  }
}

void NumberCounts::add(std::uint64_t bits, std::uint64_t times) {
  if (2 * size_ >= slots_.size()) grow();
  Slot& slot = find(bits);
  if (slot.count == 0) {
    slot.bits = bits;
    ++size_;
  }
  slot.count += times;
}

}  // namespace millrace
