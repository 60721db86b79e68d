#include "registry/registry.hpp"

#include <functional>

#include "registry/fold.hpp"
#include "registry/names.hpp"
#include "storage/journal.hpp"

namespace millrace {

namespace {

Journal journal(const std::string& folder) {
  return {folder, "registry"};
}

RegistryState state_of(const std::vector<JournalEntry>& entries) {
  RegistryState state;
  for (const JournalEntry& entry : entries) apply_entry(state, entry);
  return state;
}

// What to append to this state, or nothing where the state is as wanted already.
using EntryMaker = std::function<std::optional<Json>(const RegistryState&)>;

void append(const std::string& folder, const EntryMaker& make) {
  journal(folder).append([&](const std::vector<JournalEntry>& entries) { return make(state_of(entries)); });
}

std::uint64_t newest_version(const RegistryState& state, const std::string& model) {
  std::uint64_t newest = 0;
  for (const ModelVersion& version : state.versions) {
    if (version.model == model) newest = std::max(newest, version.version);
  }
  return newest;
}

const ModelVersion& registered(const RegistryState& state, const std::string& model, std::uint64_t version) {
  return state.resolve(fmt::format("{}/{}", model, version));
}

}  // namespace

Registry::Registry(std::string folder) : folder_(std::move(folder)) {}

RegistryState Registry::state() const {
  return state_of(journal(folder_).read());
}

ModelVersion Registry::register_version(const std::string& model, const Json& details) {
  check_model_name(model);
  if (!details.is_object()) throw internal_error("a version's details must be a JSON object");
  std::uint64_t number = 0;
  append(folder_, [&](const RegistryState& state) {
    number = newest_version(state, model) + 1;
    return Json{{"type", "version"}, {"model", model}, {"version", number}, {"details", details}};
  });
  return registered(state(), model, number);
}

void Registry::record_artifact(const std::string& model, std::uint64_t version, const Digest& artifact) {
  append(folder_, [&](const RegistryState& state) -> std::optional<Json> {
    if (registered(state, model, version).artifact == artifact) return std::nullopt;
    return Json{{"type", "artifact"}, {"model", model}, {"version", version}, {"artifact", artifact.hex()}};
  });
}

void Registry::set_alias(const std::string& model, const std::string& alias, std::uint64_t version) {
  check_alias(alias);
  append(folder_, [&](const RegistryState& state) -> std::optional<Json> {
    const ModelVersion& target = registered(state, model, version);
    if (state.find_alias(model, alias) == &target) return std::nullopt;
    return Json{{"type", "alias"}, {"model", model}, {"version", version}, {"alias", alias}};
  });
}

}  // namespace millrace
