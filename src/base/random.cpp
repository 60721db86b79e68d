#include "base/random.hpp"

#include <algorithm>
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

// philox() of several consecutive counters: words[w][b] is word w of the b-th. Plain arrays and enough of
// them, so that compilers turn the loops over b into vector instructions.
constexpr std::size_t kBlocks = 32;
using Blocks = std::array<std::array<std::uint32_t, kBlocks>, 4>;

void round_all(Blocks& words, std::size_t count, std::uint32_t k0, std::uint32_t k1) {
  for (std::size_t b = 0; b < count; ++b) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * words[0][b];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57U} * words[2][b];
    words[0][b] = static_cast<std::uint32_t>(p1 >> 32U) ^ words[1][b] ^ k0;
    words[2][b] = static_cast<std::uint32_t>(p0 >> 32U) ^ words[3][b] ^ k1;
    words[1][b] = static_cast<std::uint32_t>(p1);
    words[3][b] = static_cast<std::uint32_t>(p0);
  }
}

void philox_blocks(std::uint64_t key, std::uint64_t counter_high, std::uint64_t counter_low,
                   std::size_t count, Blocks& words) {
  for (std::size_t b = 0; b < count; ++b) {
    words[0][b] = static_cast<std::uint32_t>(counter_low + b);
    words[1][b] = static_cast<std::uint32_t>((counter_low + b) >> 32U);
    words[2][b] = static_cast<std::uint32_t>(counter_high);
    words[3][b] = static_cast<std::uint32_t>(counter_high >> 32U);
  }
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32U);
  for (int round = 0; round < 10; ++round) {
    round_all(words, count, k0, k1);
    k0 += 0x9E3779B9U;
    k1 += 0xBB67AE85U;
  }
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

void philox_fill(std::uint64_t key, std::uint64_t counter_high, std::span<std::uint32_t> words) {
  Blocks blocks;
  std::array<std::uint32_t, kBlocks * 4> in_order;
  for (std::size_t done = 0; done < words.size(); done += in_order.size()) {
    const std::span<std::uint32_t> to = words.subspan(done);
    // Whole vectors, as far as words are wanted.
    const std::size_t count = std::min(kBlocks, (to.size() + 31) / 32 * 8);
    philox_blocks(key, counter_high, done / 4, count, blocks);
    for (std::size_t b = 0; b < count; ++b) {
      for (std::size_t w = 0; w < 4; ++w) in_order[4 * b + w] = blocks[w][b];
    }
    std::copy_n(in_order.begin(), std::min(in_order.size(), to.size()), to.begin());
  }
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
