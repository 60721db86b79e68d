#include "base/text.hpp"
#include "cli/data/actions.hpp"
#include "versions/describe.hpp"

namespace millrace {

namespace {

void print_history(const Json& history) {
  for (const Json& branch : history["branches"]) {
    fmt::print("{:<24} {:<16} {:<12} {:>14} {:>10} {:>10}  {}\n", history.value("dataset", ""),
               branch.value("branch", ""), brief_digest(branch["version"]), count_text(branch, "rows"),
               count_text(branch, "rejected"), bytes_text(branch, "bytes"), branch.value("time", ""));
  }
  std::vector<std::string> tags;
  for (const auto& [tag, version] : history["tags"].items()) tags.push_back(tag);
  fmt::print("  {} version{}{}\n", count_text(history, "versions"), history["versions"] == 1 ? "" : "s",
             tags.empty() ? "" : "; tags: " + join(tags, ", "));
}

int run_data_list(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, workspace_options(), {}, comm);
  if (!values) return 0;
  const Workspace workspace(workspace_of(*values));
  Json document = Json::array();
  for (const std::string& name : dataset_names(workspace))
    document.push_back(describe_history(History(workspace, name).state()));
  if (values->count("json") > 0) return fmt::print("{}", pretty_json(document)), 0;
  if (document.empty()) return fmt::print("no data in {}\n", workspace.root()), 0;
  fmt::print("{:<24} {:<16} {:<12} {:>14} {:>10} {:>10}  {}\n", "dataset", "branch", "version", "rows",
             "rejected", "size", "since");
  for (const Json& history : document) print_history(history);
  return 0;
}

}  // namespace

Command data_list_action() {
  return {"data list",          "[options]", "Data sets with their branches and tags",
          "millrace data list", false,       run_data_list};
}

}  // namespace millrace
