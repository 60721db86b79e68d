// Whether the registry is what was written.
#pragma once

#include <string>
#include <vector>

#include "registry/registry.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct RegistryCheck {
  std::uint64_t entries = 0;
  std::uint64_t sign_offs = 0;
  std::uint64_t records = 0;         // beside the journal, each once
  std::uint64_t objects = 0;         // that versions refer to, each once
  std::vector<std::string> damages;  // what is wrong, in words
};

// Looks at the chain of entries, at each sign-off's signature by the policy of its time, at the records
// beside the journal, and at the objects that versions refer to, whose bytes are compared with their names
// where `deep`. A broken chain is the one damage that is told then.
RegistryCheck verify_registry(const Workspace& workspace, bool deep);

}  // namespace millrace
