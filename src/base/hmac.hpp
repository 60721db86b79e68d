// Codes by which a receiver knows who wrote bytes: HMAC (RFC 2104) over SHA-256.
#pragma once

#include <string>
#include <string_view>

namespace millrace {

std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes
std::string to_hex(std::string_view bytes);                             // lower case

}  // namespace millrace
