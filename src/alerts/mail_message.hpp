// An alert as a mail (RFC 5322, MIME): whatever the alert holds, the header has the fields that are made here
// and no others. Internal to alerts/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.hpp"

namespace millrace {

// "ops@example.org" or "Night watch <ops@example.org>", as it stands in a header: the name encoded where it
// must be. `key` names it in the error: kWrongValue for anything else, such as several addresses.
std::string mail_address(const std::string& text, const std::string& key);

// Of unstructured text: itself, or encoded words (RFC 2047), folded. Control characters become spaces.
std::string mail_words(std::string_view text);

// Addresses as of mail_address; `from` may be empty. Lines end with "\n", as sendmail wants them.
std::string mail_message(const AlertMessage& message, const std::string& from,
                         const std::vector<std::string>& to);

}  // namespace millrace
