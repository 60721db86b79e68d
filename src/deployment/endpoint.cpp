#include "deployment/endpoint.hpp"

#include "base/time.hpp"
#include "packaging/artifact.hpp"
#include "storage/objects.hpp"

namespace millrace {

namespace {

// Everything that could make the version fail to answer, found before anybody asks it.
Artifact verified_artifact(const Workspace& workspace, const Digest& digest) {
  (void)workspace.get_object(digest);  // its bytes match its name
  Artifact artifact = read_artifact(workspace.object_path(digest));
  check_golden_rows(artifact);
  return artifact;
}

}  // namespace

EndpointState deploy(const std::string& workspace_root, const std::string& endpoint, const Digest& artifact) {
  const auto before = read_endpoint(workspace_root, endpoint);
  const Artifact verified = verified_artifact(Workspace(workspace_root), artifact);
  if (before && before->current.artifact == artifact) return *before;
  EndpointState state;
  state.endpoint = endpoint;
  state.generation = before ? before->generation + 1 : 1;
  state.current = {verified.model, verified.version, artifact, now_rfc3339()};
  if (before) state.previous = before->current;
  write_endpoint(workspace_root, state);
  return state;
}

}  // namespace millrace
