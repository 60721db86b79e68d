// Included once by the kernels of machines that have PCLMULQDQ, behind <immintrin.h>.
#pragma once

#include <cstdint>

namespace millrace {
namespace {

// Sums bits modulo 2 from the lowest on: a carry-less multiplication by all ones.
std::uint64_t prefix_xor_by_clmul(std::uint64_t bits) {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

}  // namespace
}  // namespace millrace
