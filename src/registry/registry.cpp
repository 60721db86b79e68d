#include "registry/registry.hpp"

#include <algorithm>

#include "registry/appending.hpp"
#include "registry/names.hpp"

namespace millrace {

namespace {

std::uint64_t newest_version(const RegistryState& state, const std::string& model) {
  std::uint64_t newest = 0;
  for (const ModelVersion& version : state.versions) {
    if (version.model == model) newest = std::max(newest, version.version);
  }
  return newest;
}

}  // namespace

Registry::Registry(std::string folder) : folder_(std::move(folder)) {}

RegistryState Registry::state() const {
  return state_of(registry_journal(folder_).read());
}

ModelVersion Registry::register_version(const std::string& model, const Json& details) {
  check_model_name(model);
  if (!details.is_object()) throw internal_error("a version's details must be a JSON object");
  std::uint64_t number = 0;
  append_entry(folder_, [&](const RegistryState& state) {
    number = newest_version(state, model) + 1;
    return Json{{"type", "version"}, {"model", model}, {"version", number}, {"details", details}};
  });
  return registered(state(), model, number);
}

void Registry::record_artifact(const std::string& model, std::uint64_t version, const Digest& artifact) {
  append_entry(folder_, [&](const RegistryState& state) -> std::optional<Json> {
    if (registered(state, model, version).artifact == artifact) return std::nullopt;
    return Json{{"type", "artifact"}, {"model", model}, {"version", version}, {"artifact", artifact.hex()}};
  });
}

void Registry::set_alias(const std::string& model, const std::string& alias, std::uint64_t version) {
  check_alias(alias);
  append_entry(folder_, [&](const RegistryState& state) -> std::optional<Json> {
    const ModelVersion& target = registered(state, model, version);
    if (state.find_alias(model, alias) == &target) return std::nullopt;
    return Json{{"type", "alias"}, {"model", model}, {"version", version}, {"alias", alias}};
  });
}

void Registry::set_tag(const std::string& model, std::uint64_t version, const std::string& name,
                       const std::optional<std::string>& value) {
  check_tag(name);
  append_entry(folder_, [&](const RegistryState& state) -> std::optional<Json> {
    const auto& tags = registered(state, model, version).tags;
    const auto found = tags.find(name);
    if (value ? found != tags.end() && found->second == *value : found == tags.end()) return std::nullopt;
    return Json{{"type", "tag"},
                {"model", model},
                {"version", version},
                {"name", name},
                {"value", value ? Json(*value) : Json(nullptr)}};
  });
}

void Registry::describe(const std::string& model, std::uint64_t version, const std::string& text) {
  append_entry(folder_, [&](const RegistryState& state) -> std::optional<Json> {
    if (registered(state, model, version).description == text) return std::nullopt;
    return Json{{"type", "description"}, {"model", model}, {"version", version}, {"text", text}};
  });
}

}  // namespace millrace
