#include "versions/reference.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kShortestPrefix = 4;
constexpr std::size_t kDigestLength = 64;

Error unsound(const std::string& text) {
  return {Topic::kCommandLine, "{} names no version: NAME, NAME@BRANCH, NAME@TAG, NAME@DIGEST, each with ~N",
          millrace::quoted(text)};
}

// Where a walk back begins: a branch's log and a place in it.
struct Place {
  Digest version;
  std::vector<BranchMove> log;  // up to the version; empty where no branch has meant it
};

Place place_of_branch(const HistoryState& history, const std::string& branch) {
  return {*history.head(branch), history.log(branch)};
}

// The newest move to the version.
Place place_of_version(const HistoryState& history, const Digest& version) {
  for (auto move = history.moves.rbegin(); move != history.moves.rend(); ++move) {
    if (move->version != version) continue;
    std::vector<BranchMove> log = history.log(move->branch);
    std::erase_if(log, [&](const BranchMove& other) { return other.entry > move->entry; });
    return {version, std::move(log)};
  }
  return {version, {}};
}

bool is_digest_prefix(const std::string& text) {
  return text.size() >= kShortestPrefix && text.size() <= kDigestLength &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Error unknown_reference(const HistoryState& history, const std::string& reference) {
  std::vector<std::string> names;
  for (const auto& [branch, version] : history.branches) names.push_back(branch);
  for (const auto& [tag, version] : history.tags) names.push_back(tag);
  return {Topic::kUnknownVersion,
          "dataset '{}' has no branch, tag or version {}{}; it has {}",
          history.dataset,
          millrace::quoted(reference),
          suggestion(reference, names),
          names.empty() ? "none" : join(names, ", ")};
}

// A digest in full need not be in the history: one that a check refused to publish can be looked at.
Place place_of_digest(const HistoryState& history, const std::string& prefix) {
  if (!is_digest_prefix(prefix)) throw unknown_reference(history, prefix);
  if (prefix.size() == kDigestLength) return place_of_version(history, Digest::from_hex(prefix));
  std::vector<Digest> found = history.versions();
  std::erase_if(found, [&](const Digest& version) { return !version.hex().starts_with(prefix); });
  if (found.empty()) throw unknown_reference(history, prefix);
  if (found.size() > 1) {
    throw Error(Topic::kCommandLine, "{} versions of dataset '{}' begin with {}: give more digits",
                found.size(), history.dataset, prefix);
  }
  return place_of_version(history, found.front());
}

std::string default_branch(const HistoryState& history) {
  if (history.branches.contains(kMainBranch) || history.branches.size() != 1) return kMainBranch;
  return history.branches.begin()->first;
}

Place find_place(const HistoryState& history, const std::string& wanted) {
  const std::string reference = wanted.empty() ? default_branch(history) : wanted;
  if (history.branches.contains(reference)) return place_of_branch(history, reference);
  const auto tag = history.tags.find(reference);
  return tag != history.tags.end() ? place_of_version(history, tag->second)
                                   : place_of_digest(history, reference);
}

Digest walk_back(const Place& place, std::uint64_t back, const std::string& text) {
  if (back == 0) return place.version;
  if (back < place.log.size()) return place.log[place.log.size() - 1 - back].version;
  throw Error(Topic::kUnknownVersion, "{} goes back further than the history: {} version{} before",
              millrace::quoted(text), place.log.empty() ? 0 : place.log.size() - 1,
              place.log.size() == 2 ? "" : "s");
}

}  // namespace

VersionName parse_version_name(const std::string& text) {
  VersionName name;
  const auto tilde = text.find('~');
  if (tilde != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + tilde + 1, end, name.back);
    if (error != std::errc() || stop != end) throw unsound(text);
  }
  const std::string whole = text.substr(0, tilde);
  const auto at = whole.find('@');
  name.dataset = whole.substr(0, at);
  if (at != std::string::npos) name.reference = whole.substr(at + 1);
  const bool is_sound =
      is_plain_name(name.dataset) && (at == std::string::npos || is_plain_name(name.reference));
  if (!is_sound) throw unsound(text);
  return name;
}

HistoryState find_history(const Workspace& workspace, const std::string& dataset) {
  HistoryState state = History(workspace, dataset).state();
  if (!state.moves.empty()) return state;
  const std::vector<std::string> names = dataset_names(workspace);
  throw Error(Topic::kUnknownVersion,
              "there is no dataset {} in the workspace '{}'{}; 'millrace data list' lists them",
              millrace::quoted(dataset), workspace.root(), suggestion(dataset, names));
}

NamedVersion find_version(const Workspace& workspace, const std::string& text) {
  const VersionName name = parse_version_name(text);
  const HistoryState history = find_history(workspace, name.dataset);
  return {name.dataset, walk_back(find_place(history, name.reference), name.back, text)};
}

}  // namespace millrace
