#include "base/hmac.hpp"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/error.hpp"

namespace millrace {

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, 32> code{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), code.data(),
           &size) == nullptr) {
    throw internal_error("HMAC-SHA256 failed");
  }
  return {reinterpret_cast<const char*>(code.data()), size};
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace millrace
