// The registry is a journal (storage/journal.hpp): all that is shown is a fold over its entries. What is long
// and rarely asked for stands beside it (registry/records.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "registry/policy.hpp"
#include "registry/sign_off.hpp"
#include "registry/stage_change.hpp"
#include "storage/journal.hpp"

namespace millrace {

// The alias of the version that candidates are compared with.
inline constexpr const char* kChampion = "champion";

struct ModelVersion {
  std::string model;
  std::uint64_t version = 0;
  std::string entry;    // the journal's, as it stands there: details() reads it
  std::string weights;  // digest in hexadecimal; "" where none was told
  std::string trained;  // when
  std::vector<std::pair<std::string, double>> test_metrics;
  std::optional<Digest> artifact;    // once packaged
  std::vector<std::string> aliases;  // "champion"; sorted
  std::string stage = kFirstStage;
  std::map<std::string, std::string> tags;
  std::string description;
  std::string time;  // when and by whom it was registered
  std::string user;

  [[nodiscard]] std::string name() const { return model + "/" + std::to_string(version); }
  // What was registered: lineage ("weights": digest), metrics, cost, …
  [[nodiscard]] Json details() const;
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

  // The number of the model's newest version; 0 where it has none.
  [[nodiscard]] std::uint64_t newest_version(const std::string& model) const;

  // For the fold. A model's versions come in ascending order.
  ModelVersion& add(ModelVersion version);
  [[nodiscard]] ModelVersion* find(const std::string& model, std::uint64_t version);
  void move_alias(const std::string& alias, ModelVersion& target);

 private:
  struct Model {
    std::vector<std::size_t> versions;           // where they are
    std::map<std::string, std::size_t> aliases;  // where the version is that has it
  };
  [[nodiscard]] const Model* model(const std::string& name) const;
  [[nodiscard]] const ModelVersion& newest(const std::string& name) const;
  [[nodiscard]] const ModelVersion& numbered(const std::string& name, const std::string& number) const;
  [[nodiscard]] const ModelVersion& aliased(const std::string& name, const std::string& alias) const;

  std::map<std::string, Model> models_;
};

class Registry {
 public:
  explicit Registry(const std::string& folder);

  [[nodiscard]] const std::string& folder() const { return journal_.folder(); }
  // What the journal says now: the first call reads all of it and checks its chain, later ones what has come
  // since. Throws kResource naming the first entry that is missing or altered.
  [[nodiscard]] const RegistryState& state() const&;
  [[nodiscard]] RegistryState state() &&;

  // Each appends one entry; safe against any number of writers on any nodes. Throws kUsage for a name that
  // breaks the rules, kResource for a version that is not registered or a journal that cannot be written.
  // A model's name: is_plain_name() of base/text.hpp.
  // `records` (name → document) are kept beside the journal; the details name them.
  ModelVersion register_version(const std::string& model, const Json& details,
                                const std::map<std::string, Json>& records = {});
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
  // What to append to this state, or nothing where the state is as wanted already; asked again after a lost
  // race.
  using EntryMaker = std::function<std::optional<Json>(const RegistryState&)>;
  void append(const EntryMaker& make);
  void follow(std::vector<JournalEntry> entries) const;

  Journal journal_;
  mutable RegistryState state_;  // as of what has been read
};

// A statement completed by what is now: the version's artifact, the journal's position and head.
Statement as_of(const RegistryState& state, Statement statement);

}  // namespace millrace
