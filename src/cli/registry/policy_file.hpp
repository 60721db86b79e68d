// The policy as people write it: YAML, and beside it the allowed_signers file that it names.
#pragma once

#include <string>

#include "registry/policy.hpp"

namespace millrace {

// Throws kUsage with file, line and column, or with what contradicts itself.
Policy read_policy_file(const std::string& path);

}  // namespace millrace
