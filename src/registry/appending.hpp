// Inside registry/: entries that depend on what the registry is.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "registry/fold.hpp"
#include "registry/registry.hpp"
#include "storage/journal.hpp"

namespace millrace {

inline Journal registry_journal(const std::string& folder) {
  return {folder, "registry"};
}

inline RegistryState state_of(const std::vector<JournalEntry>& entries) {
  RegistryState state;
  for (const JournalEntry& entry : entries) apply_entry(state, entry);
  return state;
}

// What to append to this state, or nothing where the state is as wanted already; asked again after a lost
// race.
using StateEntryMaker = std::function<std::optional<Json>(const RegistryState&)>;

inline void append_entry(const std::string& folder, const StateEntryMaker& make) {
  registry_journal(folder).append(
      [&](const std::vector<JournalEntry>& entries) { return make(state_of(entries)); });
}

inline const ModelVersion& registered(const RegistryState& state, const std::string& model,
                                      std::uint64_t version) {
  return state.resolve(fmt::format("{}/{}", model, version));
}

}  // namespace millrace
