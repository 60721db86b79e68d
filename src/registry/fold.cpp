#include "registry/fold.hpp"

#include <algorithm>
#include <map>

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

void move_alias(RegistryState& state, const std::string& alias, ModelVersion& target) {
  for (ModelVersion& version : state.versions) {
    if (version.model == target.model) std::erase(version.aliases, alias);
  }
  target.aliases.insert(std::lower_bound(target.aliases.begin(), target.aliases.end(), alias), alias);
}

void apply_alias(RegistryState& state, const Json& entry, const std::string& what) {
  move_alias(state, json_get<std::string>(entry, "alias", what), referred_version(state, entry, what));
}

void apply_tag(RegistryState& state, const Json& entry, const std::string& what) {
  ModelVersion& version = referred_version(state, entry, what);
  const auto name = json_get<std::string>(entry, "name", what);
  if (entry.value("value", Json()).is_null()) {
    version.tags.erase(name);
  } else {
    version.tags[name] = json_get<std::string>(entry, "value", what);
  }
}

void apply_description(RegistryState& state, const Json& entry, const std::string& what) {
  referred_version(state, entry, what).description = json_get<std::string>(entry, "text", what);
}

void use(RegistryState& state, const std::vector<std::uint64_t>& sign_offs, std::uint64_t entry) {
  for (SignOff& sign_off : state.sign_offs) {
    if (std::ranges::count(sign_offs, sign_off.entry) > 0) sign_off.used_by = entry;
  }
}

void apply_stage(RegistryState& state, const JournalEntry& entry, const std::string& what) {
  const Json& content = entry.content;
  ModelVersion& version = referred_version(state, content, what);
  StageChange change{entry.number,
                     json_get<std::string>(content, "time", what),
                     json_get<std::string>(content, "user", what),
                     version.model,
                     version.version,
                     version.stage,
                     json_get<std::string>(content, "stage", what),
                     json_get<std::string>(content, "comment", what),
                     json_get<std::vector<std::uint64_t>>(content, "archived", what),
                     json_get<std::vector<std::uint64_t>>(content, "sign_offs", what)};
  version.stage = change.to;
  for (ModelVersion& other : state.versions) {
    if (other.model == change.model && std::ranges::count(change.archived, other.version) > 0)
      other.stage = kLastStage;
  }
  if (change.to == state.guarded_top()) move_alias(state, kChampion, version);
  use(state, change.sign_offs, entry.number);
  state.stage_changes.push_back(std::move(change));
}

void apply_sign_off(RegistryState& state, const JournalEntry& entry, const std::string& what) {
  SignOff sign_off;
  sign_off.entry = entry.number;
  sign_off.time = json_get<std::string>(entry.content, "time", what);
  sign_off.text = json_get<std::string>(entry.content, "statement", what);
  sign_off.signature = json_get<std::string>(entry.content, "signature", what);
  sign_off.person = json_get<std::string>(entry.content, "person", what);
  sign_off.statement = with_context(what, [&] { return parse_statement(sign_off.text); });
  for (SignOff& earlier : state.sign_offs) {
    if (sign_off.statement.vote == Vote::kWithdraw && earlier.entry == sign_off.statement.withdraws)
      earlier.withdrawn = true;
  }
  state.sign_offs.push_back(std::move(sign_off));
}

void apply_policy(RegistryState& state, const JournalEntry& entry, const std::string& what) {
  state.policy = json_get<Policy>(entry.content, "policy", what);
  use(state, json_get<std::vector<std::uint64_t>>(entry.content, "sign_offs", what), entry.number);
}

using Apply = void (*)(RegistryState&, const JournalEntry&, const std::string&);

// What needs no more than the entry's content.
template <void (*ApplyContent)(RegistryState&, const Json&, const std::string&)>
void content_of(RegistryState& state, const JournalEntry& entry, const std::string& what) {
  ApplyContent(state, entry.content, what);
}

const std::map<std::string, Apply>& appliers() {
  static const std::map<std::string, Apply> kAppliers{{"version", content_of<apply_version>},
                                                      {"artifact", content_of<apply_artifact>},
                                                      {"alias", content_of<apply_alias>},
                                                      {"tag", content_of<apply_tag>},
                                                      {"description", content_of<apply_description>},
                                                      {"stage", apply_stage},
                                                      {"sign-off", apply_sign_off},
                                                      {"policy", apply_policy}};
  return kAppliers;
}

}  // namespace

void apply_entry(RegistryState& state, const JournalEntry& entry) {
  const std::string what = "registry entry " + Journal::entry_name(entry.number);
  const auto type = json_get<std::string>(entry.content, "type", what);
  const auto apply = appliers().find(type);
  if (apply == appliers().end()) {
    throw Error(Topic::kNewerFormat, "{} is of the unknown type '{}': a newer Millrace wrote it", what, type);
  }
  apply->second(state, entry, what);
  state.time = json_get<std::string>(entry.content, "time", what);
  state.digests.push_back(entry.digest);
  state.entries = entry.number;
  state.head = entry.digest;
}

}  // namespace millrace
