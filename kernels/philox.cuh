// Philox-4x32-10 for device code: the words of base/random.hpp (source there), bit for bit.
#pragma once

#include <cstdint>

#include <cuda_runtime.h>

namespace millrace::kernels {

struct PhiloxWords {
  std::uint32_t at[4];
};

__device__ inline PhiloxWords philox_round(const PhiloxWords& c, std::uint32_t k0, std::uint32_t k1) {
  const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * c.at[0];
  const std::uint64_t p1 = std::uint64_t{0xCD9E8D57U} * c.at[2];
  return {{static_cast<std::uint32_t>(p1 >> 32U) ^ c.at[1] ^ k0, static_cast<std::uint32_t>(p1),
           static_cast<std::uint32_t>(p0 >> 32U) ^ c.at[3] ^ k1, static_cast<std::uint32_t>(p0)}};
}

__device__ inline PhiloxWords philox(std::uint64_t key, std::uint64_t counter_high,
                                     std::uint64_t counter_low) {
  PhiloxWords words{{static_cast<std::uint32_t>(counter_low), static_cast<std::uint32_t>(counter_low >> 32U),
                     static_cast<std::uint32_t>(counter_high),
                     static_cast<std::uint32_t>(counter_high >> 32U)}};
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32U);
  for (int round = 0; round < 10; ++round) {
    words = philox_round(words, k0, k1);
    k0 += 0x9E3779B9U;
    k1 += 0xBB67AE85U;
  }
  return words;
}

}  // namespace millrace::kernels
