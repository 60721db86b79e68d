// The registry is a journal (storage/journal.hpp): all that is shown is a fold over its entries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"

namespace millrace {

struct ModelVersion {
  std::string model;
  std::uint64_t version = 0;
  Json details;                      // what was registered: lineage ("weights": digest), metrics, cost, …
  std::optional<Digest> artifact;    // once packaged
  std::vector<std::string> aliases;  // "champion"; sorted
  std::string time;                  // when and by whom it was registered
  std::string user;
};

// The state that the journal's entries add up to.
struct RegistryState {
  std::uint64_t entries = 0;
  Digest head;                         // digest of the last entry's bytes; empty for an empty journal
  std::vector<ModelVersion> versions;  // in order of registration

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

 private:
  std::string folder_;
};

}  // namespace millrace
