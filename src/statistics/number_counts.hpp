// Private to this room: how often each 64-bit pattern occurs. Numeric columns come here with every
// value, so this is a flat table without allocations per value.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace millrace {

// A bijection whose output bits each depend on every input bit: the finalizer of SplitMix64. G. Steele,
// D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
constexpr std::uint64_t mix_bits(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebU;
  return bits ^ (bits >> 31U);
}

class NumberCounts {
 public:
  struct Slot {
    std::uint64_t bits = 0;
    std::uint64_t count = 0;  // 0: free
  };

  [[nodiscard]] std::size_t size() const { return size_; }
  void reserve(std::size_t size);
  void add(std::uint64_t bits, std::uint64_t times) {  // times > 0
    if (2 * size_ >= slots_.size()) resize(2 * slots_.size());
    Slot& slot = find(bits);
    if (slot.count == 0) {
      slot.bits = bits;
      ++size_;
    }
    slot.count += times;
  }
  [[nodiscard]] std::span<const Slot> slots() const { return slots_; }
  // Visits each pattern and its count, in no particular order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count > 0) visit(slot.bits, slot.count);
    }
  }

 private:
  Slot& find(std::uint64_t bits) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = mix_bits(bits) & mask;
    while (slots_[i].count > 0 && slots_[i].bits != bits) i = (i + 1) & mask;
    return slots_[i];
  }
  void resize(std::size_t slots);

  std::vector<Slot> slots_;  // open addressing: a power of two, at most half full
  std::size_t size_ = 0;
};

}  // namespace millrace
