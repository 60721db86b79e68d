// Inside registry/: the journal, and the version that an entry is about.
#pragma once

#include <string>
#include <vector>

#include "registry/fold.hpp"
#include "registry/registry.hpp"
#include "storage/journal.hpp"

namespace millrace {

inline Journal registry_journal(const std::string& folder) {
  return {folder, "registry"};
}

inline const ModelVersion& registered(const RegistryState& state, const std::string& model,
                                      std::uint64_t version) {
  return state.resolve(fmt::format("{}/{}", model, version));
}

}  // namespace millrace
