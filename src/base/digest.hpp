// Names are contents: SHA-256 digests of bytes and files, and XXH3 for checks and hashing of chunks.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace millrace {

// A SHA-256 digest, written as 64 lower-case hexadecimal characters. Empty only when default-constructed.
class Digest {
 public:
  Digest() = default;
  // Throws kResource (it stood in a file) unless `hex` is 64 lower-case hexadecimal characters.
  static Digest from_hex(std::string hex);

  [[nodiscard]] const std::string& hex() const { return hex_; }
  [[nodiscard]] std::string brief() const { return hex_.substr(0, 12); }
  [[nodiscard]] bool empty() const { return hex_.empty(); }
  friend auto operator<=>(const Digest&, const Digest&) = default;  // NOLINT(modernize-use-nullptr)

 private:
  std::string hex_;
};

// Incremental SHA-256.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(std::string_view bytes);
  [[nodiscard]] Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Digest digest_of(std::string_view bytes);
// Reads the file in pieces. Throws kResource where it cannot be read.
Digest digest_of_file(const std::string& path);

// XXH3, 64 bits: stable across platforms and versions; seeds give independent functions.
std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed = 0);

template <class T>
std::string_view as_bytes_view(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace millrace
