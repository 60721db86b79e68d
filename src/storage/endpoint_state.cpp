#include "storage/endpoint_state.hpp"

#include <filesystem>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr const char* kWhat = "endpoint state";

Json to_document(const Deployed& deployed) {
  return {{"model", deployed.model},
          {"version", deployed.version},
          {"artifact", deployed.artifact.hex()},
          {"time", deployed.time}};
}

Deployed from_document(const Json& json) {
  return {json_get<std::string>(json, "model", kWhat), json_get<std::uint64_t>(json, "version", kWhat),
          Digest::from_hex(json_get<std::string>(json, "artifact", kWhat)),
          json_get<std::string>(json, "time", kWhat)};
}

std::string state_path(const std::string& workspace_root, const std::string& endpoint) {
  if (!is_plain_name(endpoint)) {
    throw Error(Topic::kInvalidName, "{} cannot be an endpoint's name: {}", millrace::quoted(endpoint),
                kPlainNameRule);
  }
  return workspace_root + "/deploy/" + endpoint + "/state.json";
}

}  // namespace

void to_json(Json& json, const EndpointState& state) {
  json = {{"endpoint", state.endpoint},
          {"current", to_document(state.current)},
          {"previous", state.previous ? to_document(*state.previous) : Json(nullptr)}};
}

void from_json(const Json& json, EndpointState& state) {
  state.endpoint = json_get<std::string>(json, "endpoint", kWhat);
  state.current = from_document(json_get<Json>(json, "current", kWhat));
  const Json previous = json_get<Json>(json, "previous", kWhat);
  state.previous = previous.is_null() ? std::nullopt : std::optional(from_document(previous));
}

std::optional<EndpointState> read_endpoint(const std::string& workspace_root, const std::string& endpoint) {
  const std::string path = state_path(workspace_root, endpoint);
  if (!path_exists(path)) return std::nullopt;
  return parse_document<EndpointState>(read_file(path), "'" + path + "'");
}

void write_endpoint(const std::string& workspace_root, const EndpointState& state) {
  const std::string path = state_path(workspace_root, state.endpoint);
  remove_abandoned_files(
      std::filesystem::path(path).parent_path().string());  // of a deployment that was killed
  publish_file(path, pretty_json(state));
}

}  // namespace millrace
