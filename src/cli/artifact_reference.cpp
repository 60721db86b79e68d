#include "cli/artifact_reference.hpp"

#include <filesystem>

#include "base/topics.hpp"
#include "registry/registry.hpp"
#include "storage/objects.hpp"

namespace millrace {

namespace {

bool looks_like_a_path(const std::string& reference) {
  return reference.starts_with('/') || reference.starts_with('.') || reference.ends_with(".tar.zst");
}

}  // namespace

std::string find_artifact(const std::string& reference, const std::string& workspace_root) {
  if (std::filesystem::is_regular_file(reference)) return reference;
  if (looks_like_a_path(reference)) throw Error(Topic::kMissingFile, "there is no file '{}'", reference);
  const Workspace workspace(workspace_root);
  const RegistryState state = Registry(workspace.path("registry")).state();
  const ModelVersion& version = state.resolve(reference);
  if (!version.artifact) throw Error(Topic::kUnknownModel, "{} is not packaged yet", version.name());
  return workspace.object_path(*version.artifact);
}

}  // namespace millrace
