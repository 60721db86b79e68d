#include "cli/artifact_reference.hpp"

#include <filesystem>

#include "base/topics.hpp"
#include "registry/registry.hpp"
#include "storage/objects.hpp"

namespace millrace {

RegisteredArtifact find_registered_artifact(const std::string& reference, const std::string& workspace_root) {
  const RegistryState state = Registry(Workspace(workspace_root).path("registry")).state();
  const ModelVersion& version = state.resolve(reference);
  return {version.model, version.version, version.artifact, version.details().value("run", "")};
}

ArtifactReference find_artifact(const std::string& reference, const std::string& workspace_root) {
  if (std::filesystem::is_regular_file(reference)) return {reference, std::nullopt};
  if (reference.ends_with(".zst")) throw Error(Topic::kMissingFile, "there is no file '{}'", reference);
  const RegisteredArtifact registered = find_registered_artifact(reference, workspace_root);
  if (!registered.artifact)
    throw Error(Topic::kUnknownModel, "{}/{} is not packaged yet", registered.model, registered.version);
  return {Workspace(workspace_root).object_path(*registered.artifact), registered};
}

}  // namespace millrace
