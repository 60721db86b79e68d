#include "base/random.hpp"

#include <cmath>
#include <numbers>
#include <utility>

#include "base/digest.hpp"

namespace millrace {

namespace {

using Block = std::array<std::uint32_t, 4>;

Block philox_round(const Block& c, std::uint32_t k0, std::uint32_t k1) {
  const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * c[0];
  const std::uint64_t p1 = std::uint64_t{0xCD9E8D57U} * c[2];
  return {static_cast<std::uint32_t>(p1 >> 32U) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
          static_cast<std::uint32_t>(p0 >> 32U) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counter_high,
                                    std::uint64_t counter_low) {
  Block block{static_cast<std::uint32_t>(counter_low), static_cast<std::uint32_t>(counter_low >> 32U),
              static_cast<std::uint32_t>(counter_high), static_cast<std::uint32_t>(counter_high >> 32U)};
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32U);
  for (int round = 0; round < 10; ++round) {
    block = philox_round(block, k0, k1);
    k0 += 0x9E3779B9U;
    k1 += 0xBB67AE85U;
  }
  return block;
}

std::uint64_t derive_key(std::initializer_list<std::uint64_t> parts) {
  return xxh3({reinterpret_cast<const char*>(parts.begin()), parts.size() * sizeof(std::uint64_t)});
}

std::uint32_t CounterRandom::next_u32() {
  if (used_ == 4) {
    block_ = philox(key_, 0, counter_++);
    used_ = 0;
  }
  return block_[used_++];
}

std::uint64_t CounterRandom::next_u64() {
  const std::uint64_t high = next_u32();
  return (high << 32U) | next_u32();
}

double CounterRandom::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t CounterRandom::below(std::uint64_t bound) {
  const std::uint64_t rest =
      (0 - bound) % bound;  // 2^64 mod bound: the values below it would be over-represented
  std::uint64_t value = next_u64();
  while (value < rest) value = next_u64();
  return value % bound;
}

void shuffle(std::span<std::uint32_t> values, std::uint64_t key) {
  CounterRandom random(key);
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.below(i)]);
}

}  // namespace millrace
