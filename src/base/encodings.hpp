// Bytes as text for others' formats.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace {

std::string base64(std::string_view bytes);  // RFC 4648, 4; in one line
// Nothing for what base64() would not have made.
std::optional<std::string> from_base64(std::string_view text);

// Bytes that are no UTF-8 become U+FFFD, one each.
std::string as_utf8(std::string_view text);

}  // namespace millrace
