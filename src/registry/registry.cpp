#include "registry/registry.hpp"

#include <chrono>
#include <functional>
#include <thread>

#include "base/publish.hpp"
#include "base/topics.hpp"
#include "registry/fold.hpp"
#include "registry/journal.hpp"
#include "registry/names.hpp"

namespace millrace {

namespace {

// What to append to this state, or nothing where the state is as wanted already; asked again after a lost
// race.
using EntryMaker = std::function<std::optional<Json>(const RegistryState&)>;

RegistryState read_state(const std::string& folder) {
  RegistryState state;
  for (const JournalEntry& entry : read_journal(folder)) apply_entry(state, entry);
  return state;
}

// A lost race means that another writer got on, so it is no matter to lose many. But a client whose file
// system caches directories may lose against an entry that it does not see yet: then it waits.
void append(const std::string& folder, const EntryMaker& make) {
  constexpr int kMostBlindAttempts = 100;
  constexpr std::chrono::milliseconds kPause(100);
  remove_abandoned_files(folder);
  std::uint64_t seen = 0;
  for (int blind = 0; blind < kMostBlindAttempts; ++blind) {
    const RegistryState state = read_state(folder);
    const std::optional<Json> content = make(state);
    if (!content || publish_entry(folder, state.entries, state.head, *content)) return;
    if (state.entries > seen) blind = 0;
    if (blind > 0) std::this_thread::sleep_for(kPause);
    seen = state.entries;
  }
  throw Error(Topic::kRegistryBusy,
              "cannot append to the registry '{}': entry {} exists but does not become visible", folder,
              entry_name(seen + 1));
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
  return read_state(folder_);
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
