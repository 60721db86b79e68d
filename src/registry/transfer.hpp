// A registry as one file: exported where it was made, imported where it is looked at or goes on. A .tar.zst
// of
//   entries/000000001.json …  records/DIGEST.json …  objects/DIGEST …  (artifacts, on request)
#pragma once

#include <cstdint>
#include <string>

#include "storage/objects.hpp"

namespace millrace {

struct Transferred {
  std::uint64_t entries = 0;
  std::uint64_t records = 0;
  std::uint64_t objects = 0;
};

// Writes `path` through the publish contract, once the chain is checked; with the artifacts of all versions
// where asked for, which are held in memory meanwhile. Throws kResource.
Transferred export_registry(const Workspace& workspace, const std::string& path, bool with_artifacts);

// Takes over what this registry does not have: nothing, the further entries of the same history, or all of
// it. Whatever the file says is checked before anything is taken. Throws kResource where it is damaged, or
// where the histories part, with the first entry that both have and have differently.
Transferred import_registry(const Workspace& workspace, const std::string& path);

}  // namespace millrace
