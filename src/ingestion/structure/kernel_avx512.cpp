#include <immintrin.h>

#include "ingestion/structure/clmul.hpp"
#include "ingestion/structure/kernel.hpp"

namespace millrace {
namespace {

// 0, 1, … 63, a byte each.
alignas(64) constexpr unsigned char kPlaces[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

struct Simd {
  static ByteMasks masks(const char* bytes, const CsvBytes& wanted) {
    const __m512i text = _mm512_loadu_si512(bytes);
    const auto equal = [text](char c) { return _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8(c)); };
    const std::uint64_t returns = equal('\r');
    return {wanted.has_quote ? equal(wanted.quote) : 0, equal(wanted.delimiter), equal('\n') | returns,
            returns};
  }

  static std::uint64_t equal(const char* bytes, char wanted) {
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(bytes), _mm512_set1_epi8(wanted));
  }

  static std::uint64_t prefix_xor(std::uint64_t bits) { return prefix_xor_by_clmul(bits); }

  // Packs the places whose bits are set, and widens sixteen at a time. By the zeroing intrinsics: GCC 12
  // takes the undefined registers of the others for ours.
  static std::size_t positions(std::uint64_t bits, std::uint32_t base, std::uint32_t* to) {
    const auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
    const __m512i packed = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(kPlaces));
    const __m512i bases = _mm512_set1_epi32(static_cast<int>(base));
    store(_mm512_maskz_extracti32x4_epi32(0xf, packed, 0), bases, to);
    if (count > 16) {
      store(_mm512_maskz_extracti32x4_epi32(0xf, packed, 1), bases, to + 16);
      store(_mm512_maskz_extracti32x4_epi32(0xf, packed, 2), bases, to + 32);
      store(_mm512_maskz_extracti32x4_epi32(0xf, packed, 3), bases, to + 48);
    }
    return count;
  }

 private:
  static void store(__m128i places, __m512i bases, std::uint32_t* to) {
    _mm512_storeu_si512(to, _mm512_add_epi32(_mm512_maskz_cvtepu8_epi32(0xffff, places), bases));
  }
};

}  // namespace
}  // namespace millrace

#include "ingestion/structure/kernel_loop.hpp"

namespace millrace {

const StructureKernel kAvx512Kernel{"avx512", scan, advance, line_breaks};

}  // namespace millrace
