#include "base/digest.hpp"

#include <openssl/evp.h>
#include <xxhash.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;

bool is_hex_digest(const std::string& hex) {
  return hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xFU];
  }
  return hex;
}

}  // namespace

Digest Digest::from_hex(std::string hex) {
  if (!is_hex_digest(hex)) throw resource_error("'{}' is no SHA-256 digest (64 hexadecimal characters)", hex);
  Digest digest;
  digest.hex_ = std::move(hex);
  return digest;
}

struct Sha256::Context {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> evp{EVP_MD_CTX_new()};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (!context_->evp || EVP_DigestInit_ex(context_->evp.get(), EVP_sha256(), nullptr) != 1) {
    throw internal_error("OpenSSL gives no SHA-256");
  }
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::string_view bytes) {
  if (EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size()) != 1) {
    throw internal_error("SHA-256 failed");
  }
  return *this;
}

Digest Sha256::finish() {
  std::array<unsigned char, 32> bytes{};
  if (EVP_DigestFinal_ex(context_->evp.get(), bytes.data(), nullptr) != 1)
    throw internal_error("SHA-256 failed");
  return Digest::from_hex(to_hex(bytes));
}

Digest digest_of(std::string_view bytes) {
  return Sha256{}.update(bytes).finish();
}

Digest digest_of_file(const std::string& path) {
  const ReadableFile file(path);
  Sha256 sha;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t offset = 0; offset < file.size();) {
    const std::size_t got = file.read_at(offset, piece);
    if (got == 0) throw Error(Topic::kFileChanged, "'{}' shrank while it was read", path);
    sha.update(std::string_view(piece).substr(0, got));
    offset += got;
  }
  return sha.finish();
}

std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace millrace
