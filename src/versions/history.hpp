// The history of a dataset: which version each branch and tag means, and what branches meant before.
//
// refs/data/NAME/ is a journal (storage/journal.hpp); branches, tags and logs are a fold over its entries. A
// branch that were a file moved by rename would lose one of two runs that end at once; here link(2) lets one
// go first, and the other goes on from there. Nothing in a history is ever changed: a branch or tag that is
// deleted is so from that entry on. Layout: docs/formats.md, "Data history".
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "storage/journal.hpp"
#include "storage/objects.hpp"

namespace millrace {

inline constexpr const char* kMainBranch = "main";

// What a run tells of the version that it publishes.
struct VersionFacts {
  std::string run;
  std::uint64_t rows = 0;
  std::uint64_t rejected = 0;
  std::uint64_t sources = 0;
  std::uint64_t source_bytes = 0;
  std::uint64_t shards = 0;
  std::uint64_t bytes = 0;      // of the shards, as they are stored
  std::uint64_t new_bytes = 0;  // of those that the parent does not have
};
void to_json(Json& json, const VersionFacts& facts);
void from_json(const Json& json, VersionFacts& facts);

// A branch begins to mean a version: by a run, or by hand (then it has no facts of its own).
struct BranchMove {
  std::uint64_t entry = 0;
  std::string branch;
  Digest version;
  Digest parent;  // what the branch meant before; empty where it is new
  std::string time;
  std::string user;
  std::optional<VersionFacts> facts;
};

struct HistoryState {
  std::string dataset;
  std::vector<BranchMove> moves;           // of all branches, in order
  std::map<std::string, Digest> branches;  // what each means now
  std::map<std::string, Digest> tags;

  [[nodiscard]] std::optional<Digest> head(const std::string& branch) const;
  // The moves of a branch since it was made, oldest first; of one that was deleted, those before.
  [[nodiscard]] std::vector<BranchMove> log(const std::string& branch) const;
  // What the run that published the version told of it; null where none did.
  [[nodiscard]] const VersionFacts* facts_of(const Digest& version) const;
  // Each version that a branch has meant or a tag means, in order of its first appearance.
  [[nodiscard]] std::vector<Digest> versions() const;
};

class History {
 public:
  History(const Workspace& workspace, const std::string& dataset);

  [[nodiscard]] HistoryState state() const;

  // Each appends one entry, or none where all is so already; safe against any number of writers. Throws
  // kUsage for a name that breaks the rules (is_plain_name) or that is the other kind's already, kResource
  // for a branch or tag that does not exist (with near misses) or a journal that cannot be written.

  // `tell` is asked for the facts of `version` beside the parent that it will have (empty: none).
  using FactTeller = std::function<VersionFacts(const Digest& parent)>;
  void publish(const std::string& branch, const Digest& version, const FactTeller& tell) const;
  void set_branch(const std::string& branch, const Digest& version) const;
  void delete_branch(const std::string& branch) const;
  // A tag stays: one that means another version is refused (kUsage), unless `move`.
  void set_tag(const std::string& tag, const Digest& version, bool move) const;
  void delete_tag(const std::string& tag) const;

 private:
  // Returns the entry to append to this state, or nothing.
  using EntryMaker = std::function<std::optional<Json>(const HistoryState&)>;
  void append(const EntryMaker& make) const;

  std::string dataset_;
  Journal journal_;
};

// The datasets that the workspace has a history of, by name.
std::vector<std::string> dataset_names(const Workspace& workspace);

}  // namespace millrace
