// Which artifacts an endpoint answers with: deploy/ENDPOINT/state.json, switched by an atomic rename.
// Deployment writes it (deployment/rollout.hpp), servers follow it. Format: docs/formats.md, "Endpoint
// state".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/json.hpp"

namespace millrace {

struct Deployed {
  std::string model;
  std::uint64_t version = 0;
  Digest artifact;
  std::string time;  // RFC 3339

  friend bool operator==(const Deployed&, const Deployed&) = default;
};

enum class CandidateMode {
  kCanary,  // answers its share of the requests
  kShadow,  // scores its share beside the current version, which answers; differences are counted
};

// A version that has to prove itself on real requests before it becomes the current one.
struct Candidate {
  Deployed deployed;
  CandidateMode mode = CandidateMode::kCanary;
  double percent = 0;  // of the requests, 0 … 100; 0: loaded and ready, but asked nothing (a dark launch)

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct EndpointState {
  std::string endpoint;
  std::uint64_t generation = 0;  // rises with each change; 0: written before there were generations
  Deployed current;
  std::optional<Deployed> previous;  // servers keep it loaded: a rollback has nothing to load
  std::optional<Candidate> candidate;

  friend bool operator==(const EndpointState&, const EndpointState&) = default;
};
void to_json(Json& json, const EndpointState& state);
void from_json(const Json& json, EndpointState& state);

inline constexpr std::uint32_t kRouteBuckets = 10000;  // a hundredth of a percent each
// Where a request's route key falls: XXH3 (64 bits) of the key modulo kRouteBuckets. The same key has the
// same bucket on every server and at every time.
std::uint32_t route_bucket(std::string_view key);
// Whether a request is in the candidate's share. A larger percentage keeps all that were in it before.
bool in_share(const Candidate& candidate, std::uint32_t bucket);
// Whether the candidate answers it: canary only.
bool takes_candidate(const std::optional<Candidate>& candidate, std::uint32_t bucket);

// WORKSPACE/deploy/ENDPOINT. Throws kUsage for a name that cannot be an endpoint's.
std::string endpoint_folder(const std::string& workspace_root, const std::string& endpoint);
// Nothing where the endpoint has never been deployed.
std::optional<EndpointState> read_endpoint(const std::string& workspace_root, const std::string& endpoint);
// Publishes the state. Throws kResource.
void write_endpoint(const std::string& workspace_root, const EndpointState& state);

}  // namespace millrace
