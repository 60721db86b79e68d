// Inside registry/: what one entry of the journal does to the state.
#pragma once

#include "registry/registry.hpp"
#include "storage/journal.hpp"

namespace millrace {

// Throws kResource for an entry of unknown type (of a newer Millrace) or one that refers to nothing.
void apply_entry(RegistryState& state, const JournalEntry& entry);

}  // namespace millrace
