// What a registry's folder no longer needs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace millrace {

struct RegistryGarbage {
  std::uint64_t entry_files = 0;  // of entries that a sealed segment holds as well
  std::uint64_t records = 0;      // that no version names: their writers were ended before the entry
  std::uint64_t bytes = 0;
};

// Removes both, unless `dry_run`, where they are older than `grace`: somebody may be copying the folder file
// by file, or be about to register. Throws kResource.
RegistryGarbage collect_registry_garbage(const std::string& folder, std::chrono::seconds grace, bool dry_run);

}  // namespace millrace
