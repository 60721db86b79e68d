// ${env:NAME} and ${env:NAME:-default} in scalars of the file; $${ stands for ${ itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/mark.hpp"

namespace millrace {

// Fills in environment variables; `substituted` tells whether there were any. Throws kUsage at `mark` where a
// variable without a default is not set, for a secret (which stands alone, see below), and for any other
// ${…}.
std::string substitute_environment(std::string_view text, const Mark& mark, bool& substituted);

// What "${secret:REFERENCE}" refers to; nothing for any other text.
std::optional<std::string> secret_reference(std::string_view text);

// The text that substitution turns back into `text`.
std::string escape_substitutions(std::string_view text);

}  // namespace millrace
