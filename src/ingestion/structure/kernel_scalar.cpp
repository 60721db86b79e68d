#include "ingestion/structure/kernel.hpp"

namespace millrace {
namespace {

struct Simd {
  static ByteMasks masks(const char* bytes, const CsvBytes& wanted) {
    ByteMasks masks;
    for (std::size_t i = 0; i < 64; ++i) {
      const auto bit = [i](bool set) { return static_cast<std::uint64_t>(set ? 1 : 0) << i; };
      masks.quote |= bit(wanted.has_quote && bytes[i] == wanted.quote);
      masks.delimiter |= bit(bytes[i] == wanted.delimiter);
      masks.line_break |= bit(bytes[i] == '\n' || bytes[i] == '\r');
      masks.carriage_return |= bit(bytes[i] == '\r');
    }
    return masks;
  }

  static std::uint64_t equal(const char* bytes, char wanted) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 64; ++i) bits |= static_cast<std::uint64_t>(bytes[i] == wanted ? 1 : 0) << i;
    return bits;
  }

  static std::uint64_t prefix_xor(std::uint64_t bits) {
    for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
  }

  static std::size_t positions(std::uint64_t bits, std::uint32_t base, std::uint32_t* to) {
    std::size_t count = 0;
    for (; bits != 0; bits &= bits - 1)
      to[count++] = base + static_cast<std::uint32_t>(__builtin_ctzll(bits));
    return count;
  }
};

}  // namespace
}  // namespace millrace

#include "ingestion/structure/kernel_loop.hpp"

namespace millrace {

const StructureKernel kScalarKernel{"scalar", scan, advance, line_breaks};

}  // namespace millrace
