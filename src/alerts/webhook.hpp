// How a webhook's receiver knows that a message is ours, and new: docs/alerts.md. Internal to alerts/.
#pragma once

#include <string>
#include <string_view>

namespace millrace {

// "sha256=HEX": HMAC-SHA256 of "TIMESTAMP.BODY".
std::string webhook_signature(std::string_view key, std::string_view timestamp, std::string_view body);

}  // namespace millrace
