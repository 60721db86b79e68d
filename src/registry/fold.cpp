#include "registry/fold.hpp"

#include <algorithm>

#include "base/topics.hpp"

namespace millrace {

namespace {

ModelVersion& referred_version(RegistryState& state, const Json& entry, const std::string& what) {
  const auto model = json_get<std::string>(entry, "model", what);
  const auto number = json_get<std::uint64_t>(entry, "version", what);
  for (ModelVersion& version : state.versions) {
    if (version.model == model && version.version == number) return version;
  }
  throw Error(Topic::kDamagedJournal, "{} refers to {}/{}, which no entry before it registers", what, model,
              number);
}

void apply_version(RegistryState& state, const Json& entry, const std::string& what) {
  ModelVersion version;
  version.model = json_get<std::string>(entry, "model", what);
  version.version = json_get<std::uint64_t>(entry, "version", what);
  version.details = json_get<Json::object_t>(entry, "details", what);
  version.time = json_get<std::string>(entry, "time", what);
  version.user = json_get<std::string>(entry, "user", what);
  state.versions.push_back(std::move(version));
}

void apply_artifact(RegistryState& state, const Json& entry, const std::string& what) {
  const auto hex = json_get<std::string>(entry, "artifact", what);
  referred_version(state, entry, what).artifact = with_context(what, [&] { return Digest::from_hex(hex); });
}

void apply_alias(RegistryState& state, const Json& entry, const std::string& what) {
  const auto alias = json_get<std::string>(entry, "alias", what);
  ModelVersion& target = referred_version(state, entry, what);
  for (ModelVersion& version : state.versions) {
    if (version.model == target.model) std::erase(version.aliases, alias);
  }
  target.aliases.insert(std::lower_bound(target.aliases.begin(), target.aliases.end(), alias), alias);
}

}  // namespace

void apply_entry(RegistryState& state, const JournalEntry& entry) {
  const std::string what = "registry entry " + Journal::entry_name(entry.number);
  const auto type = json_get<std::string>(entry.content, "type", what);
  if (type == "version") {
    apply_version(state, entry.content, what);
  } else if (type == "artifact") {
    apply_artifact(state, entry.content, what);
  } else if (type == "alias") {
    apply_alias(state, entry.content, what);
  } else {
    throw Error(Topic::kNewerFormat, "{} is of the unknown type '{}': a newer Millrace wrote it", what, type);
  }
  state.entries = entry.number;
  state.head = entry.digest;
}

}  // namespace millrace
