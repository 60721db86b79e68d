// Inside cli/: an artifact as users name it: its file, or a version of a model.
#pragma once

#include <optional>
#include <string>

#include "base/digest.hpp"

namespace millrace {

// What the registry knows of a version that the commands about artifacts need.
struct RegisteredArtifact {
  std::string model;
  std::uint64_t version = 0;
  std::optional<Digest> artifact;  // once packaged
  std::string run;                 // that registered it
};
// MODEL, MODEL/VERSION or MODEL@ALIAS. Throws kResource with near misses.
RegisteredArtifact find_registered_artifact(const std::string& reference, const std::string& workspace_root);

struct ArtifactReference {
  std::string path;
  std::optional<RegisteredArtifact> registered;  // where a version was named
};
// The name of a file that exists, or else a version. Throws kResource where there is no such thing.
ArtifactReference find_artifact(const std::string& reference, const std::string& workspace_root);

}  // namespace millrace
