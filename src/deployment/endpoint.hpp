// Deployment: an endpoint takes a new artifact only after it has proved itself.
#pragma once

#include <string>

#include "base/digest.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

// Verifies the artifact's digest, runs its golden rows, then switches the endpoint. Throws kResource
// (artifact) or kGateNotPassed (golden rows); then the endpoint is as it was. Deploying what is already
// current changes nothing.
EndpointState deploy(const std::string& workspace_root, const std::string& endpoint, const Digest& artifact);

}  // namespace millrace
