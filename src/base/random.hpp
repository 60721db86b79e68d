// Counter-based random numbers: a value is a function of (key, counter), so any rank, thread or device can
// produce any element of a stream on its own, and resuming needs no generator state. Philox-4x32-10: J.
// Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace millrace {

// 128 random bits for a 64-bit key and a 128-bit counter.
std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counter_high, std::uint64_t counter_low);

// The blocks of consecutive counters (counter_high, 0), (counter_high, 1), …, one word after the other;
// several counters at once in vector registers.
void philox_fill(std::uint64_t key, std::uint64_t counter_high, std::span<std::uint32_t> words);

// One independent key from several parts, such as (seed, epoch, lane).
std::uint64_t derive_key(std::initializer_list<std::uint64_t> parts);

// A uniform float in [0, 1) with 24 bits, a uniform double in [0, 1) with 53 bits.
inline float to_unit_float(std::uint32_t bits) {
  return static_cast<float>(bits >> 8U) * 0x1.0p-24F;
}
inline double to_unit_double(std::uint64_t bits) {
  return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

// A sequential view of the stream `key`, starting at its first counter.
class CounterRandom {
 public:
  explicit CounterRandom(std::uint64_t key) : key_(key) {}

  std::uint32_t next_u32();
  std::uint64_t next_u64();
  double uniform() { return to_unit_double(next_u64()); }  // [0, 1)
  double normal();                                         // Box-Muller, one value a pair of uniforms
  std::uint64_t below(std::uint64_t bound);                // uniform in [0, bound), unbiased; bound > 0

 private:
  std::uint64_t key_;
  std::uint64_t counter_ = 0;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

// Fisher-Yates with the stream `key`.
void shuffle(std::span<std::uint32_t> values, std::uint64_t key);

}  // namespace millrace
