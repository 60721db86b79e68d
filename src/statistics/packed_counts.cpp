#include "statistics/packed_counts.hpp"

#include "base/encodings.hpp"
#include "base/error.hpp"

namespace millrace {

namespace {

void append_number(std::string& bytes, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7U) bytes += static_cast<char>((number & 0x7fU) | 0x80U);
  bytes += static_cast<char>(number);
}

Error damaged(const char* why) {
  return resource_error("distinct counts: 'packed' {}", why);
}

// Takes a number from the front.
std::uint64_t take_number(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (bytes.empty()) throw damaged("ends within a number");
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (shift == 63 && byte > 1) break;
    number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return number;
  }
  throw damaged("has a number of more than 64 bits");
}

}  // namespace

std::string pack_counts(const BitCounts& counts) {
  std::string bytes;
  std::uint64_t before = 0;
  for (const auto& [bits, times] : counts) {
    append_number(bytes, bits - before);
    append_number(bytes, times);
    before = bits;
  }
  return base64(bytes);
}

BitCounts unpack_counts(std::string_view text) {
  const auto decoded = from_base64(text);
  if (!decoded) throw damaged("is no base64");
  BitCounts counts;
  std::string_view bytes = *decoded;
  std::uint64_t before = 0;
  while (!bytes.empty()) {
    const std::uint64_t distance = take_number(bytes);
    const std::uint64_t times = take_number(bytes);
    if (times == 0 || (distance == 0 && !counts.empty()) || before + distance < before)
      throw damaged("is not in ascending order, or counts nothing");
    before += distance;
    counts.emplace_back(before, times);
  }
  return counts;
}

}  // namespace millrace
