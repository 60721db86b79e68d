// Which artifact an endpoint answers with: deploy/ENDPOINT/state.json, switched by an atomic rename.
// Deployment writes it, servers follow it.
#pragma once

#include <cstdint>
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
// Publishes the state. Throws kResource.
void write_endpoint(const std::string& workspace_root, const EndpointState& state);

}  // namespace millrace
