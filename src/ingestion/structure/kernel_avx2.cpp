#include <immintrin.h>

#include "ingestion/structure/clmul.hpp"
#include "ingestion/structure/kernel.hpp"

namespace millrace {
namespace {

struct Simd {
  static std::uint64_t equal(__m256i low, __m256i high, char wanted) {
    const __m256i all = _mm256_set1_epi8(wanted);
    const auto low_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, all)));
    const auto high_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, all)));
    return low_bits | static_cast<std::uint64_t>(high_bits) << 32U;
  }

  static ByteMasks masks(const char* bytes, const CsvBytes& wanted) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32));
    const std::uint64_t returns = equal(low, high, '\r');
    return {wanted.has_quote ? equal(low, high, wanted.quote) : 0, equal(low, high, wanted.delimiter),
            equal(low, high, '\n') | returns, returns};
  }

  static std::uint64_t equal(const char* bytes, char wanted) {
    return equal(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes)),
                 _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32)), wanted);
  }

  static std::uint64_t prefix_xor(std::uint64_t bits) { return prefix_xor_by_clmul(bits); }

  // Eight at a time: how many rounds there are is easier to predict than how many bits.
  static std::size_t positions(std::uint64_t bits, std::uint32_t base, std::uint32_t* to) {
    const auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
    for (std::size_t written = 0; written < count; written += 8) {
      for (std::size_t i = 0; i < 8; ++i, bits &= bits - 1) {
        to[written + i] = base + static_cast<std::uint32_t>(_tzcnt_u64(bits));
      }
    }
    return count;
  }
};

}  // namespace
}  // namespace millrace

#include "ingestion/structure/kernel_loop.hpp"

namespace millrace {

const StructureKernel kAvx2Kernel{"avx2", scan, advance, line_breaks};

}  // namespace millrace
