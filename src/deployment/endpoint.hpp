// Deployment: an endpoint takes a new artifact only after it has proved itself.
#pragma once

#include <string>

#include "base/digest.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

// The artifact as a version to deploy, after everything that could make it fail to answer was looked for: its
// digest, its parts, its golden rows, a signature (of one of `signers`, an allowed_signers file, where that
// is not empty). Throws kResource (artifact), kArtifactSignature or kGateNotPassed (golden rows).
Deployed verified_version(const std::string& workspace_root, const Digest& artifact,
                          const std::string& signers = "");

// Verifies the artifact, then switches the endpoint at once; a candidate gives way. Where it throws, the
// endpoint is as it was. Deploying what is already current changes nothing. Gradually: rollout.hpp.
EndpointState deploy(const std::string& workspace_root, const std::string& endpoint, const Digest& artifact);

// By hand; `reason` goes into the journal. Each throws kNoDeployment where there is nothing to act on, and
// gives the state that results.
EndpointState promote_candidate(const std::string& workspace_root, const std::string& endpoint,
                                const std::string& reason);
// Drops the candidate; without one the version before answers again.
EndpointState roll_back(const std::string& workspace_root, const std::string& endpoint,
                        const std::string& reason, const Json& figures = nullptr);
// The candidate keeps its share until it is resumed, promoted or rolled back.
EndpointState pause_candidate(const std::string& workspace_root, const std::string& endpoint,
                              const std::string& reason);
EndpointState resume_candidate(const std::string& workspace_root, const std::string& endpoint,
                               const std::string& reason);

}  // namespace millrace
