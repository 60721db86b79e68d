// ${env:NAME} and ${env:NAME:-default} in scalars of the file; $${ stands for ${ itself.
#pragma once

#include <string>
#include <string_view>

#include "config/mark.hpp"

namespace millrace {

// Fills in environment variables; `substituted` tells whether there were any. Throws kUsage at `mark` where a
// variable without a default is not set, for a secret (no key of this version takes one), and for any other
// ${…}.
std::string substitute_environment(std::string_view text, const Mark& mark, bool& substituted);

// The text that substitution turns back into `text`.
std::string escape_substitutions(std::string_view text);

}  // namespace millrace
