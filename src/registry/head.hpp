// The journal's head as evidence: so many entries, the last of them with this digest. Signed and kept
// elsewhere it shows what the journal alone cannot: that its end was cut off, or all of it replaced.
#pragma once

#include <cstdint>
#include <string>

#include "base/digest.hpp"
#include "base/ssh_signature.hpp"
#include "registry/registry.hpp"

namespace millrace {

// The namespace of sign-offs: the policy's people sign both.
inline constexpr SignaturePurpose kHeadSignature{"millrace", "the head", Topic::kRefusedSignOff};

struct HeadStatement {
  std::uint64_t entries = 0;
  Digest head;
  std::string time;  // RFC 3339, UTC
};

// The head as it is now. Throws kUsage where nothing is registered yet.
HeadStatement head_of(const RegistryState& state);

// The text that is signed, for people to read: JSON with "purpose": "millrace registry head". Reading back
// throws kUsage for anything else.
std::string to_text(const HeadStatement& statement);
HeadStatement parse_head(const std::string& text);

// What of the evidence does not fit this journal; empty where it has these entries, and perhaps more.
std::string contradiction(const RegistryState& state, const HeadStatement& statement);

}  // namespace millrace
