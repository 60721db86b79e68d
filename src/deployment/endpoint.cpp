#include "deployment/endpoint.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "deployment/endpoint_changes.hpp"
#include "deployment/endpoint_journal.hpp"
#include "packaging/artifact.hpp"
#include "packaging/signature.hpp"
#include "storage/objects.hpp"

namespace millrace {

namespace {

void check_signer(const ArtifactContents& contents, const std::string& signers) {
  if (signers.empty()) return (void)signature_key(contents);
  (void)check_signature(contents, read_file(signers));
}

const EndpointState& deployed_state(const Standing& standing, const std::string& root,
                                    const std::string& endpoint) {
  if (standing.state) return *standing.state;
  throw Error(Topic::kNothingDeployed, "nothing is deployed at endpoint '{}' of workspace '{}'{}", endpoint,
              root, suggestion(endpoint, list_folder(root + "/deploy")));
}

// One change by hand to what there must be; `next` gives nothing where it is as wanted already.
EndpointState change_by_hand(
    const std::string& root, const std::string& endpoint,
    const std::function<std::optional<EndpointChange>(const EndpointState& state, const Standing& standing)>&
        next) {
  EndpointJournal journal(root, endpoint);
  const Standing& standing =
      journal.change([&](const Standing& now) { return next(deployed_state(now, root, endpoint), now); });
  return standing.state.value();
}

const Candidate& candidate_of(const EndpointState& state) {
  if (state.candidate) return *state.candidate;
  throw Error(Topic::kNoDeployment, "nothing is being deployed at endpoint '{}': {}/{} answers all requests",
              state.endpoint, state.current.model, state.current.version);
}

EndpointState set_paused(const std::string& root, const std::string& endpoint, bool paused,
                         const std::string& reason) {
  return change_by_hand(
      root, endpoint,
      [&](const EndpointState& state, const Standing& standing) -> std::optional<EndpointChange> {
        const Candidate& candidate = candidate_of(state);
        if (standing.paused == paused) return std::nullopt;
        return EndpointChange{paused ? "pause" : "resume", candidate.deployed, reason, state};
      });
}

}  // namespace

Deployed verified_version(const std::string& workspace_root, const Digest& artifact,
                          const std::string& signers) {
  const Workspace workspace(workspace_root);
  (void)workspace.get_object(artifact);  // its bytes match its name
  const std::string path = workspace.object_path(artifact);
  const ArtifactContents contents = read_contents(path);
  return with_context("artifact '" + path + "'", [&]() -> Deployed {
    const Artifact verified = artifact_of(contents);
    check_golden_rows(verified);
    check_signer(contents, signers);
    return {verified.model, verified.version, artifact, now_rfc3339()};
  });
}

EndpointState deploy(const std::string& workspace_root, const std::string& endpoint, const Digest& artifact) {
  (void)endpoint_folder(workspace_root, endpoint);
  const Deployed version = verified_version(workspace_root, artifact);
  EndpointJournal journal(workspace_root, endpoint);
  const Standing& standing = journal.change([&](const Standing& now) -> std::optional<EndpointChange> {
    if (now.state && now.state->current.artifact == artifact) return std::nullopt;
    return EndpointChange{"deploy", version,
                          fmt::format("{}/{} answers all requests at once", version.model, version.version),
                          switched(now.state, endpoint, version)};
  });
  return standing.state.value();
}

EndpointState promote_candidate(const std::string& workspace_root, const std::string& endpoint,
                                const std::string& reason) {
  return change_by_hand(workspace_root, endpoint, [&](const EndpointState& state, const Standing&) {
    return EndpointChange{"promote", candidate_of(state).deployed, reason, promoted(state, now_rfc3339())};
  });
}

EndpointState roll_back(const std::string& workspace_root, const std::string& endpoint,
                        const std::string& reason, const Json& figures) {
  return change_by_hand(workspace_root, endpoint, [&](const EndpointState& state, const Standing&) {
    const auto leaves = newest_in_trial(state);
    if (!leaves) {
      throw Error(Topic::kNoDeployment, "endpoint '{}' has no version before {}/{}", endpoint,
                  state.current.model, state.current.version);
    }
    return EndpointChange{"rollback", *leaves, reason, rolled_back(state, now_rfc3339()), figures};
  });
}

EndpointState pause_candidate(const std::string& workspace_root, const std::string& endpoint,
                              const std::string& reason) {
  return set_paused(workspace_root, endpoint, true, reason);
}

EndpointState resume_candidate(const std::string& workspace_root, const std::string& endpoint,
                               const std::string& reason) {
  return set_paused(workspace_root, endpoint, false, reason);
}

}  // namespace millrace
