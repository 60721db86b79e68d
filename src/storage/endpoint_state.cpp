#include "storage/endpoint_state.hpp"

#include <cmath>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr const char* kWhat = "endpoint state";
constexpr std::uint64_t kEndpointFormat =
    2;  // without the key: 1, which knew neither generation nor candidate

Json to_document(const Deployed& deployed) {
  return {{"model", deployed.model},
          {"version", deployed.version},
          {"artifact", deployed.artifact.hex()},
          {"time", deployed.time}};
}

Json to_document(const Candidate& candidate) {
  Json json = to_document(candidate.deployed);
  json["mode"] = candidate.mode == CandidateMode::kShadow ? "shadow" : "canary";
  json["percent"] = candidate.percent;
  return json;
}

Deployed deployed_from(const Json& json) {
  return {json_get<std::string>(json, "model", kWhat), json_get<std::uint64_t>(json, "version", kWhat),
          Digest::from_hex(json_get<std::string>(json, "artifact", kWhat)),
          json_get<std::string>(json, "time", kWhat)};
}

CandidateMode mode_from(const std::string& word) {
  if (word == "canary") return CandidateMode::kCanary;
  if (word == "shadow") return CandidateMode::kShadow;
  throw Error(Topic::kDamagedFile, "{}: 'mode' is {}, not canary or shadow", kWhat, millrace::quoted(word));
}

Candidate candidate_from(const Json& json) {
  Candidate candidate{deployed_from(json), mode_from(json_get<std::string>(json, "mode", kWhat)),
                      json_get<double>(json, "percent", kWhat)};
  if (candidate.percent >= 0 && candidate.percent <= 100) return candidate;
  throw Error(Topic::kDamagedFile, "{}: 'percent' is {}, not 0 to 100", kWhat, candidate.percent);
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? to_document(*value) : Json(nullptr);
}

void check_format(const Json& json) {
  const auto format = json.contains("format") ? json_get<std::uint64_t>(json, "format", kWhat) : 1;
  if (format >= 1 && format <= kEndpointFormat) return;
  throw Error(Topic::kDamagedFile, "{}: its format is {}, this version reads up to {}", kWhat, format,
              kEndpointFormat);
}

std::string state_path(const std::string& workspace_root, const std::string& endpoint) {
  return endpoint_folder(workspace_root, endpoint) + "/state.json";
}

}  // namespace

void to_json(Json& json, const EndpointState& state) {
  json = {{"format", kEndpointFormat},           {"endpoint", state.endpoint},
          {"generation", state.generation},      {"current", to_document(state.current)},
          {"previous", or_null(state.previous)}, {"candidate", or_null(state.candidate)}};
}

void from_json(const Json& json, EndpointState& state) {
  state = {};
  state.endpoint = json_get<std::string>(json, "endpoint", kWhat);
  check_format(json);
  state.current = deployed_from(json_get<Json>(json, "current", kWhat));
  if (const Json previous = json_get<Json>(json, "previous", kWhat); !previous.is_null())
    state.previous = deployed_from(previous);
  if (!json.contains("format")) return;
  state.generation = json_get<std::uint64_t>(json, "generation", kWhat);
  if (const Json candidate = json_get<Json>(json, "candidate", kWhat); !candidate.is_null())
    state.candidate = candidate_from(candidate);
}

std::uint32_t route_bucket(std::string_view key) {
  return static_cast<std::uint32_t>(xxh3(key) % kRouteBuckets);
}

bool in_share(const Candidate& candidate, std::uint32_t bucket) {
  return bucket < std::llround(candidate.percent * kRouteBuckets / 100);
}

bool takes_candidate(const std::optional<Candidate>& candidate, std::uint32_t bucket) {
  return candidate && candidate->mode == CandidateMode::kCanary && in_share(*candidate, bucket);
}

std::string endpoint_folder(const std::string& workspace_root, const std::string& endpoint) {
  if (!is_plain_name(endpoint)) {
    throw Error(Topic::kInvalidName, "{} cannot be an endpoint's name: {}", millrace::quoted(endpoint),
                kPlainNameRule);
  }
  return workspace_root + "/deploy/" + endpoint;
}

std::optional<EndpointState> read_endpoint(const std::string& workspace_root, const std::string& endpoint) {
  const std::string path = state_path(workspace_root, endpoint);
  if (!path_exists(path)) return std::nullopt;
  return parse_document<EndpointState>(read_file(path), "'" + path + "'");
}

void write_endpoint(const std::string& workspace_root, const EndpointState& state) {
  remove_abandoned_files(endpoint_folder(workspace_root, state.endpoint));  // of a deployment that was killed
  publish_file(state_path(workspace_root, state.endpoint), pretty_json(state));
}

}  // namespace millrace
