// Inside registry/: what one entry of the journal does to the state.
#pragma once

#include "registry/registry.hpp"
#include "storage/journal.hpp"

namespace millrace {

class Fold {
 public:
  explicit Fold(RegistryState& state) : state_(&state), fields_("registry") {}

  // Throws kResource for an entry of unknown type (of a newer Millrace) or one that refers to nothing.
  void apply(JournalEntry&& entry);

 private:
  RegistryState* state_;
  JournalFields fields_;
};

}  // namespace millrace
