#include "versions/history.hpp"

#include <algorithm>
#include <filesystem>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

const std::string kFolder = "refs/data";

template <class Value>
std::vector<std::string> keys_of(const std::map<std::string, Value>& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

// "there is no branch 'mian' of dataset 'churn' (did you mean 'main'?); there are main, trial"
void require_known(const HistoryState& state, const char* kind, const std::map<std::string, Digest>& known,
                   const std::string& name) {
  if (known.contains(name)) return;
  const std::vector<std::string> names = keys_of(known);
  throw Error(Topic::kUnknownVersion, "dataset '{}' has no {} {}{}; it has {}", state.dataset, kind,
              millrace::quoted(name), suggestion(name, names), names.empty() ? "none" : join(names, ", "));
}

void check_name(const char* kind, const std::string& name, const char* other_kind,
                const std::map<std::string, Digest>& others) {
  if (!is_plain_name(name)) {
    throw Error(Topic::kInvalidName, "{} cannot be a {}'s name: {}", millrace::quoted(name), kind,
                kPlainNameRule);
  }
  if (others.contains(name)) {
    throw Error(Topic::kInvalidName, "'{}' cannot be a {}'s name: a {} has it", name, kind, other_kind);
  }
}

void check_branch_name(const HistoryState& state, const std::string& name) {
  check_name("branch", name, "tag", state.tags);
}

BranchMove read_move(const JournalEntry& entry, const std::string& what) {
  const Json content = entry.content();
  BranchMove move;
  move.entry = entry.number;
  move.branch = json_get<std::string>(content, "branch", what);
  move.version = Digest::from_hex(json_get<std::string>(content, "version", what));
  const auto parent = json_get<std::string>(content, "parent", what);
  if (!parent.empty()) move.parent = Digest::from_hex(parent);
  move.time = json_get<std::string>(content, "time", what);
  move.user = json_get<std::string>(content, "user", what);
  if (content.contains("facts")) move.facts = json_get<VersionFacts>(content, "facts", what);
  return move;
}

void apply(HistoryState& state, const JournalEntry& entry) {
  const std::string what =
      fmt::format("entry {} of the history of '{}'", Journal::entry_name(entry.number), state.dataset);
  const Json content = entry.content();
  const auto type = json_get<std::string>(content, "type", what);
  if (type == "branch") {
    state.moves.push_back(read_move(entry, what));
    state.branches[state.moves.back().branch] = state.moves.back().version;
  } else if (type == "branch-deleted") {
    state.branches.erase(json_get<std::string>(content, "branch", what));
  } else if (type == "tag") {
    state.tags[json_get<std::string>(content, "tag", what)] =
        Digest::from_hex(json_get<std::string>(content, "version", what));
  } else if (type == "tag-deleted") {
    state.tags.erase(json_get<std::string>(content, "tag", what));
  } else {
    throw Error(Topic::kNewerFormat, "{} is of the unknown type '{}': a newer Millrace wrote it", what, type);
  }
}

HistoryState nothing_yet(const std::string& dataset) {
  HistoryState state;
  state.dataset = dataset;
  return state;
}

void fold(HistoryState& state, const std::vector<JournalEntry>& entries) {
  for (const JournalEntry& entry : entries) apply(state, entry);
}

Json branch_entry(const HistoryState& state, const std::string& branch, const Digest& version) {
  const std::string parent = state.head(branch).value_or(Digest()).hex();
  return {{"type", "branch"}, {"branch", branch}, {"version", version.hex()}, {"parent", parent}};
}

}  // namespace

void to_json(Json& json, const VersionFacts& facts) {
  json = {{"run", facts.run},
          {"rows", facts.rows},
          {"rejected", facts.rejected},
          {"sources", facts.sources},
          {"source_bytes", facts.source_bytes},
          {"shards", facts.shards},
          {"bytes", facts.bytes},
          {"new_bytes", facts.new_bytes}};
}
void from_json(const Json& json, VersionFacts& facts) {
  const std::string what = "facts of a version";
  const auto number = [&](const char* key) { return json_get<std::uint64_t>(json, key, what); };
  facts = {json_get<std::string>(json, "run", what),
           number("rows"),
           number("rejected"),
           number("sources"),
           number("source_bytes"),
           number("shards"),
           number("bytes"),
           number("new_bytes")};
}

std::optional<Digest> HistoryState::head(const std::string& branch) const {
  const auto found = branches.find(branch);
  return found == branches.end() ? std::nullopt : std::optional(found->second);
}

// A move without a parent is a branch's first.
std::vector<BranchMove> HistoryState::log(const std::string& branch) const {
  std::vector<BranchMove> log;
  for (const BranchMove& move : moves) {
    if (move.branch != branch) continue;
    if (move.parent.empty()) log.clear();
    log.push_back(move);
  }
  return log;
}

const VersionFacts* HistoryState::facts_of(const Digest& version) const {
  for (auto move = moves.rbegin(); move != moves.rend(); ++move) {
    if (move->version == version && move->facts) return &*move->facts;
  }
  return nullptr;
}

std::vector<Digest> HistoryState::versions() const {
  std::vector<Digest> versions;
  const auto add = [&](const Digest& version) {
    if (std::ranges::find(versions, version) == versions.end()) versions.push_back(version);
  };
  for (const BranchMove& move : moves) add(move.version);
  for (const auto& [tag, version] : tags) add(version);
  return versions;
}

History::History(const Workspace& workspace, const std::string& dataset)
    : dataset_(dataset), journal_(workspace.path(kFolder + "/" + dataset), "history") {}

HistoryState History::state() const {
  const bool exists = std::filesystem::is_directory(journal_.folder());
  HistoryState state = nothing_yet(dataset_);
  if (exists) fold(state, journal_.read());
  return state;
}

// Before there were histories, the name was a file with the newest version, which runs name as well.
void History::append(const EntryMaker& make) const {
  std::error_code error;
  if (std::filesystem::is_regular_file(journal_.folder(), error))
    std::filesystem::remove(journal_.folder(), error);
  HistoryState state = nothing_yet(dataset_);
  journal_.append({}, [&](const std::vector<JournalEntry>& entries) {
    fold(state, entries);
    return make(state);
  });
}

void History::publish(const std::string& branch, const Digest& version, const FactTeller& tell) const {
  append([&](const HistoryState& state) -> std::optional<Json> {
    check_branch_name(state, branch);
    if (state.head(branch) == version) return std::nullopt;
    Json entry = branch_entry(state, branch, version);
    entry["facts"] = tell(state.head(branch).value_or(Digest()));
    return entry;
  });
}

void History::set_branch(const std::string& branch, const Digest& version) const {
  append([&](const HistoryState& state) -> std::optional<Json> {
    check_branch_name(state, branch);
    if (state.head(branch) == version) return std::nullopt;
    return branch_entry(state, branch, version);
  });
}

void History::delete_branch(const std::string& branch) const {
  append([&](const HistoryState& state) -> std::optional<Json> {
    require_known(state, "branch", state.branches, branch);
    return Json{{"type", "branch-deleted"}, {"branch", branch}};
  });
}

void History::set_tag(const std::string& tag, const Digest& version, bool move) const {
  append([&](const HistoryState& state) -> std::optional<Json> {
    check_name("tag", tag, "branch", state.branches);
    const auto found = state.tags.find(tag);
    if (found != state.tags.end() && found->second == version) return std::nullopt;
    if (found != state.tags.end() && !move) {
      throw Error(Topic::kTagExists, "tag '{}' of dataset '{}' is version {}; --move makes it another", tag,
                  dataset_, found->second.brief());
    }
    return Json{{"type", "tag"}, {"tag", tag}, {"version", version.hex()}};
  });
}

void History::delete_tag(const std::string& tag) const {
  append([&](const HistoryState& state) -> std::optional<Json> {
    require_known(state, "tag", state.tags, tag);
    return Json{{"type", "tag-deleted"}, {"tag", tag}};
  });
}

std::vector<std::string> dataset_names(const Workspace& workspace) {
  std::vector<std::string> names = list_folder(workspace.path(kFolder));
  std::erase_if(names, [&](const std::string& name) {
    return !std::filesystem::is_directory(workspace.path(kFolder + "/" + name));
  });
  return names;
}

}  // namespace millrace
