// A text in a buffer that goes on behind it: it can be loaded into words whole, without a look at its length
// first, which the processor would guess wrong where lengths vary.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace millrace {

// How many bytes may be read from the beginning of each padded text.
inline constexpr std::size_t kPadding = 16;

class PaddedText {
 public:
  PaddedText() = default;
  // The caller knows that kPadding bytes from its beginning on may be read.
  explicit PaddedText(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] std::string_view view() const { return text_; }
  operator std::string_view() const { return text_; }  // NOLINT(google-explicit-constructor): it is one

  // Eight bytes from byte `at` on (at most kPadding - 8), the first one lowest; what lies behind the text is
  // arbitrary.
  [[nodiscard]] std::uint64_t word(std::size_t at) const {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text_.data() + at, sizeof bytes);
    return bytes;
  }

 private:
  std::string_view text_;
};

// The lowest `count` bytes of a word, zeros above; none and all may be asked for.
inline std::uint64_t low_bytes(std::uint64_t word, std::size_t count) {
  return count >= 8 ? word : word & ((std::uint64_t{1} << (8 * count)) - 1);
}

}  // namespace millrace
