#include "registry/fold.hpp"

#include <algorithm>
#include <map>

#include "base/topics.hpp"

namespace millrace {

namespace {

ModelVersion& referred_version(RegistryState& state, const JournalFields& fields) {
  const std::string model = fields.text("/model");
  const std::uint64_t number = fields.number("/version");
  if (ModelVersion* version = state.find(model, number)) return *version;
  throw Error(Topic::kDamagedJournal, "{} refers to {}/{}, which no entry before it registers", fields.what(),
              model, number);
}

void apply_version(RegistryState& state, const JournalFields& fields, JournalEntry& entry) {
  ModelVersion version;
  version.model = fields.text("/model");
  version.version = fields.number("/version");
  if (version.version <= state.newest_version(version.model)) {
    throw Error(Topic::kDamagedJournal, "{} registers {}/{}, though {} is registered", fields.what(),
                version.model, version.version, state.newest_version(version.model));
  }
  fields.require_object("/details");
  version.weights = fields.text_or("/details/weights", "");
  version.trained = fields.text_or("/details/trained", "");
  version.test_metrics = fields.numbers_in("/details/metrics/test");
  version.time = fields.text("/time");
  version.user = fields.text("/user");
  version.entry = std::move(entry.text);  // the fields are read
  state.add(std::move(version));
}

void apply_artifact(RegistryState& state, const JournalFields& fields, JournalEntry&) {
  ModelVersion& version = referred_version(state, fields);
  version.artifact = with_context(fields.what(), [&] { return Digest::from_hex(fields.text("/artifact")); });
}

void apply_alias(RegistryState& state, const JournalFields& fields, JournalEntry&) {
  state.move_alias(fields.text("/alias"), referred_version(state, fields));
}

void apply_tag(RegistryState& state, const JournalFields& fields, JournalEntry&) {
  ModelVersion& version = referred_version(state, fields);
  const std::string name = fields.text("/name");
  if (fields.is_null("/value")) {
    version.tags.erase(name);
  } else {
    version.tags[name] = fields.text("/value");
  }
}

void apply_description(RegistryState& state, const JournalFields& fields, JournalEntry&) {
  referred_version(state, fields).description = fields.text("/text");
}

void use(RegistryState& state, const std::vector<std::uint64_t>& sign_offs, std::uint64_t entry) {
  for (SignOff& sign_off : state.sign_offs) {
    if (std::ranges::count(sign_offs, sign_off.entry) > 0) sign_off.used_by = entry;
  }
}

void apply_stage(RegistryState& state, const JournalFields& fields, JournalEntry& entry) {
  ModelVersion& version = referred_version(state, fields);
  StageChange change{entry.number,
                     fields.text("/time"),
                     fields.text("/user"),
                     version.model,
                     version.version,
                     version.stage,
                     fields.text("/stage"),
                     fields.text("/comment"),
                     fields.numbers("/archived"),
                     fields.numbers("/sign_offs")};
  version.stage = change.to;
  for (const std::uint64_t archived : change.archived) {
    if (ModelVersion* other = state.find(change.model, archived)) other->stage = kLastStage;
  }
  if (change.to == state.guarded_top()) state.move_alias(kChampion, version);
  use(state, change.sign_offs, entry.number);
  state.stage_changes.push_back(std::move(change));
}

void apply_sign_off(RegistryState& state, const JournalFields& fields, JournalEntry& entry) {
  SignOff sign_off;
  sign_off.entry = entry.number;
  sign_off.time = fields.text("/time");
  sign_off.text = fields.text("/statement");
  sign_off.signature = fields.text("/signature");
  sign_off.person = fields.text("/person");
  sign_off.statement = with_context(fields.what(), [&] { return parse_statement(sign_off.text); });
  for (SignOff& earlier : state.sign_offs) {
    if (sign_off.statement.vote == Vote::kWithdraw && earlier.entry == sign_off.statement.withdraws)
      earlier.withdrawn = true;
  }
  state.sign_offs.push_back(std::move(sign_off));
}

void apply_policy(RegistryState& state, const JournalFields& fields, JournalEntry& entry) {
  state.policy = json_get<Policy>(entry.content(), "policy", fields.what());
  use(state, fields.numbers("/sign_offs"), entry.number);
}

using Apply = void (*)(RegistryState&, const JournalFields&, JournalEntry&);

const std::map<std::string, Apply>& appliers() {
  static const std::map<std::string, Apply> kAppliers{{"version", apply_version},
                                                      {"artifact", apply_artifact},
                                                      {"alias", apply_alias},
                                                      {"tag", apply_tag},
                                                      {"description", apply_description},
                                                      {"stage", apply_stage},
                                                      {"sign-off", apply_sign_off},
                                                      {"policy", apply_policy}};
  return kAppliers;
}

}  // namespace

void Fold::apply(JournalEntry&& entry) {
  fields_.open(entry.number, entry.text);
  const std::string type = fields_.text("/type");
  const auto apply = appliers().find(type);
  if (apply == appliers().end()) {
    throw Error(Topic::kNewerFormat, "{} is of the unknown type '{}': a newer Millrace wrote it",
                fields_.what(), type);
  }
  state_->time = fields_.text("/time");
  apply->second(*state_, fields_, entry);
  state_->digests.push_back(entry.digest);
  state_->entries = entry.number;
  state_->head = entry.digest;
}

}  // namespace millrace
