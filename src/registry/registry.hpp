// The registry is a journal (storage/journal.hpp): all that is shown is a fold over its entries.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "registry/policy.hpp"
#include "registry/sign_off.hpp"
#include "registry/stage_change.hpp"

namespace millrace {

// The alias of the version that candidates are compared with.
inline constexpr const char* kChampion = "champion";

struct ModelVersion {
  std::string model;
  std::uint64_t version = 0;
  Json details;                      // what was registered: lineage ("weights": digest), metrics, cost, …
  std::optional<Digest> artifact;    // once packaged
  std::vector<std::string> aliases;  // "champion"; sorted
  std::string stage = kFirstStage;
  std::map<std::string, std::string> tags;
  std::string description;
  std::string time;  // when and by whom it was registered
  std::string user;

  [[nodiscard]] std::string name() const { return model + "/" + std::to_string(version); }
};

// The state that the journal's entries add up to.
struct RegistryState {
  std::uint64_t entries = 0;
  Digest head;                         // digest of the last entry's bytes; empty for an empty journal
  std::vector<ModelVersion> versions;  // in order of registration
  std::vector<Digest> digests;         // of all entries
  std::string time;                    // of the last entry
  std::optional<Policy> policy;        // none: no stage is guarded
  std::vector<SignOff> sign_offs;
  std::vector<StageChange> stage_changes;

  // Those of the policy, or those of everybody.
  [[nodiscard]] Policy stages() const { return policy.value_or(Policy()); }
  // The highest stage where it takes sign-offs: only what has it is champion and may be deployed. "" where
  // nothing does.
  [[nodiscard]] std::string guarded_top() const;

  [[nodiscard]] const ModelVersion* find(const std::string& model, std::uint64_t version) const;
  [[nodiscard]] const ModelVersion* find_alias(const std::string& model, const std::string& alias) const;
  // "churn", "churn/7" or "churn@champion" (a bare name: its newest version). Throws kResource with near
  // misses.
  [[nodiscard]] const ModelVersion& resolve(const std::string& reference) const;
  // The newest version of the model that was registered with these weights, if any.
  [[nodiscard]] const ModelVersion* find_registered(const std::string& model, const Digest& weights) const;
};

class Registry {
 public:
  explicit Registry(std::string folder);

  // Reads the journal and checks its chain. Throws kResource naming the first entry that is missing or
  // altered.
  [[nodiscard]] RegistryState state() const;

  // Each appends one entry; safe against any number of writers on any nodes. Throws kUsage for a name that
  // breaks the rules, kResource for a version that is not registered or a journal that cannot be written.
  // A model's name: is_plain_name() of base/text.hpp.
  ModelVersion register_version(const std::string& model, const Json& details);
  // These append nothing where the version has this artifact, or this alias, already. An alias belongs to one
  // version of a model and moves. Letters, digits, '_' and '-', at most 255; not "latest", not "v7".
  void record_artifact(const std::string& model, std::uint64_t version, const Digest& artifact);
  void set_alias(const std::string& model, const std::string& alias, std::uint64_t version);
  // Without a value the tag goes. A tag's name: as a model's.
  void set_tag(const std::string& model, std::uint64_t version, const std::string& name,
               const std::optional<std::string>& value);
  void describe(const std::string& model, std::uint64_t version, const std::string& text);

  // Moves a version to a stage; those of the model that have it are archived, unless the stage is None or
  // Archived. A step up takes the approvals of the policy, and uses them. Throws kGateNotPassed naming all
  // that is missing, kUsage where the version has the stage already.
  StageChange change_stage(const std::string& model, std::uint64_t version, const std::string& stage,
                           const std::string& comment);
  // Adds what somebody signed. Throws kUsage where it does not count.
  SignOff record_sign_off(const std::string& text, const std::string& signature);
  // The first policy is anybody's; another takes the approvals that the one before wants for changes.
  void set_policy(const Policy& policy);

 private:
  std::string folder_;
};

// A statement completed by what is now: the version's artifact, the journal's position and head.
Statement as_of(const RegistryState& state, Statement statement);

}  // namespace millrace
