#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/data/actions.hpp"
#include "versions/describe.hpp"

namespace millrace {

namespace {

std::string described(const Json& move) {
  std::string text = fmt::format("{} rows, {} rejected, {} files, {} (new: {})", count_text(move, "rows"),
                                 count_text(move, "rejected"), count_text(move, "sources"),
                                 bytes_text(move, "bytes"), bytes_text(move, "new_bytes"));
  if (move.value("by_hand", false)) text += ", moved here by " + move.value("user", "");
  if (!move.value("kept", true)) text += ", no longer kept";
  return text;
}

void print_move(const Json& move) {
  const auto tags = move["tags"].get<std::vector<std::string>>();
  fmt::print("{}  {}  {}{}\n              {}\n", brief_digest(move["version"]), move.value("time", ""),
             move.value("run", "(no run)"), tags.empty() ? "" : "  [" + join(tags, ", ") + "]",
             described(move));
}

// The branch that `NAME` or `NAME@BRANCH` means.
std::string branch_in(const HistoryState& history, const VersionName& name) {
  if (!name.reference.empty()) return name.reference;
  if (history.branches.size() == 1) return history.branches.begin()->first;
  return kMainBranch;
}

void require_log(const HistoryState& history, const std::string& branch) {
  if (!history.log(branch).empty()) return;
  std::vector<std::string> names;
  for (const auto& [name, version] : history.branches) names.push_back(name);
  throw Error(Topic::kUnknownVersion, "dataset '{}' has no branch {}{}; it has {}", history.dataset,
              millrace::quoted(branch), suggestion(branch, names), join(names, ", "));
}

int run_data_log(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                       //
      ("dataset", po::value<std::string>(), "NAME[@BRANCH]")  //
      ("limit", po::value<std::size_t>()->default_value(20), "newest versions to show");
  const auto values = parse_options(self, arguments, options, {"dataset"}, comm);
  if (!values) return 0;
  const Workspace workspace(workspace_of(*values));
  const VersionName name = parse_version_name(required_value(self, *values, "dataset"));
  const HistoryState history = find_history(workspace, name.dataset);
  const std::string branch = branch_in(history, name);
  require_log(history, branch);
  Json log = describe_log(workspace, history, branch);
  const std::size_t shown = std::min(log.size(), (*values)["limit"].as<std::size_t>());
  log.erase(log.begin() + static_cast<std::ptrdiff_t>(shown), log.end());
  if (values->count("json") > 0) return fmt::print("{}", pretty_json(log)), 0;
  for (const Json& move : log) print_move(move);
  return 0;
}

}  // namespace

Command data_log_action() {
  return {"data log",
          "NAME[@BRANCH] [options]",
          "Versions of a branch, newest first",
          "millrace data log quickstart --limit 5",
          false,
          run_data_log};
}

}  // namespace millrace
