// An endpoint: which model version answers under a name. deploy/ENDPOINT/state.json, switched by an atomic
// rename; a running server follows it.
#pragma once

#include <optional>
#include <string>

#include "base/digest.hpp"
#include "base/json.hpp"

namespace millrace {

struct Deployed {
  std::string model;
  std::uint64_t version = 0;
  Digest artifact;
  std::string time;
};

struct EndpointState {
  std::string endpoint;
  Deployed current;
  std::optional<Deployed> previous;
};
void to_json(Json& json, const EndpointState& state);
void from_json(const Json& json, EndpointState& state);

// Nothing where the endpoint has never been deployed.
std::optional<EndpointState> read_endpoint(const std::string& workspace_root, const std::string& endpoint);

// Verifies the artifact's digest, runs its golden rows, then switches the endpoint. Throws kResource
// (artifact) or kGateNotPassed (golden rows); then the endpoint is as it was. Deploying what is already
// current changes nothing.
EndpointState deploy(const std::string& workspace_root, const std::string& endpoint, const Digest& artifact);

}  // namespace millrace
