#include "registry/verify.hpp"

#include <set>

#include "base/topics.hpp"
#include "registry/records.hpp"
#include "registry/registry_journal.hpp"

namespace millrace {

namespace {

// Entry by entry: a sign-off is judged by the policy that it was given under.
void check_sign_offs(std::vector<JournalEntry> entries, RegistryCheck& check) {
  RegistryState state;
  Fold fold(state);
  for (JournalEntry& entry : entries) {
    const std::size_t before = state.sign_offs.size();
    fold.apply(std::move(entry));
    if (state.sign_offs.size() == before) continue;
    const SignOff& sign_off = state.sign_offs.back();
    ++check.sign_offs;
    try {
      const std::string signers = state.policy ? state.policy->allowed_signers : "";
      if (verify_signature(sign_off.text, sign_off.signature, signers, sign_off.time, kSignOffSignature) ==
          sign_off.person)
        continue;
      check.damages.push_back(fmt::format("sign-off {} is not {}'s", sign_off.entry, sign_off.person));
    } catch (const Error& error) {
      if (error.topic() != Topic::kRefusedSignOff) throw;
      check.damages.push_back(fmt::format("sign-off {}: {}", sign_off.entry, error.message()));
    }
  }
}

std::set<Digest> objects_of(const RegistryState& state) {
  std::set<Digest> objects;
  for (const ModelVersion& version : state.versions) {
    const Json details = version.details();
    for (const char* key : {"dataset", "features", "weights", "evaluation"}) {
      const auto hex = details.value(key, "");
      if (!hex.empty()) objects.insert(Digest::from_hex(hex));
    }
    if (version.artifact) objects.insert(*version.artifact);
  }
  return objects;
}

// Whatever the version names: once for all versions that share it.
void check_records(const Records& records, const RegistryState& state, RegistryCheck& check) {
  std::set<std::string> seen;
  for (const ModelVersion& version : state.versions) {
    const Json details = version.details();
    const Json named = details.value("records", Json::object());
    for (const auto& [name, digest] : named.items()) {
      if (!seen.insert(digest.dump()).second) continue;
      ++check.records;
      try {
        (void)records.of(details, name);
      } catch (const Error& error) {
        check.damages.push_back(fmt::format("{} of {}: {}", name, version.name(), error.message()));
      }
    }
  }
}

void check_objects(const Workspace& workspace, const RegistryState& state, bool deep, RegistryCheck& check) {
  for (const Digest& object : objects_of(state)) {
    ++check.objects;
    if (!workspace.has_object(object)) {
      check.damages.push_back(fmt::format("object {} is missing", object.hex()));
    } else if (deep && digest_of_file(workspace.object_path(object)) != object) {
      check.damages.push_back(
          fmt::format("object {} is damaged: its bytes do not match its name", object.hex()));
    }
  }
}

}  // namespace

RegistryCheck verify_registry(const Workspace& workspace, bool deep) {
  RegistryCheck check;
  std::vector<JournalEntry> entries;
  try {
    entries = registry_journal(workspace.path("registry")).read();
  } catch (const Error& error) {
    if (error.topic() != Topic::kDamagedJournal && error.topic() != Topic::kMissingEntry) throw;
    check.damages.push_back(error.message());
    return check;
  }
  check.entries = entries.size();
  check_sign_offs(std::move(entries), check);
  const RegistryState state = Registry(workspace.path("registry")).state();
  check_records(Records(workspace.path("registry")), state, check);
  check_objects(workspace, state, deep, check);
  return check;
}

}  // namespace millrace
