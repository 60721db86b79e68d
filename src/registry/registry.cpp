#include "registry/registry.hpp"

#include <utility>

#include "registry/names.hpp"
#include "registry/records.hpp"
#include "registry/registry_journal.hpp"

namespace millrace {

Registry::Registry(const std::string& folder) : journal_(registry_journal(folder)) {}

void Registry::follow(std::vector<JournalEntry> entries) const {
  try {
    Fold fold(state_);
    for (JournalEntry& entry : entries) fold.apply(std::move(entry));
  } catch (...) {
    state_ = {};  // half of an entry may be in it
    throw;
  }
}

const RegistryState& Registry::state() const& {
  follow(journal_.read_after({state_.entries, state_.head}));
  return state_;
}

RegistryState Registry::state() && {
  (void)std::as_const(*this).state();
  return std::move(state_);
}

void Registry::append(const EntryMaker& make) {
  journal_.append({state_.entries, state_.head}, [&](std::vector<JournalEntry> entries) {
    follow(std::move(entries));
    return make(state_);
  });
}

// Records come first: what an entry names is there.
ModelVersion Registry::register_version(const std::string& model, const Json& details,
                                        const std::map<std::string, Json>& records) {
  check_model_name(model);
  if (!details.is_object()) throw internal_error("a version's details must be a JSON object");
  Json all = details;
  for (const auto& [name, record] : records) all["records"][name] = write_record(folder(), record).hex();
  std::uint64_t number = 0;
  append([&](const RegistryState& state) {
    number = state.newest_version(model) + 1;
    return Json{{"type", "version"}, {"model", model}, {"version", number}, {"details", all}};
  });
  return registered(std::as_const(*this).state(), model, number);
}

void Registry::record_artifact(const std::string& model, std::uint64_t version, const Digest& artifact) {
  append([&](const RegistryState& state) -> std::optional<Json> {
    if (registered(state, model, version).artifact == artifact) return std::nullopt;
    return Json{{"type", "artifact"}, {"model", model}, {"version", version}, {"artifact", artifact.hex()}};
  });
}

void Registry::set_alias(const std::string& model, const std::string& alias, std::uint64_t version) {
  check_alias(alias);
  append([&](const RegistryState& state) -> std::optional<Json> {
    const ModelVersion& target = registered(state, model, version);
    if (state.find_alias(model, alias) == &target) return std::nullopt;
    return Json{{"type", "alias"}, {"model", model}, {"version", version}, {"alias", alias}};
  });
}

void Registry::set_tag(const std::string& model, std::uint64_t version, const std::string& name,
                       const std::optional<std::string>& value) {
  check_tag(name);
  append([&](const RegistryState& state) -> std::optional<Json> {
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
  append([&](const RegistryState& state) -> std::optional<Json> {
    if (registered(state, model, version).description == text) return std::nullopt;
    return Json{{"type", "description"}, {"model", model}, {"version", version}, {"text", text}};
  });
}

}  // namespace millrace
