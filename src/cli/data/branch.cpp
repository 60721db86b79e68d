#include "cli/data/actions.hpp"
#include "versions/reference.hpp"
#include "versions/stored.hpp"

namespace millrace {

namespace {

Json change_branch(const Command& self, const po::variables_map& values, const Workspace& workspace) {
  const std::string branch = required_value(self, values, "branch");
  const std::string reference = required_value(self, values, "version");
  if (values.count("delete") > 0) {
    const std::string dataset = find_history(workspace, parse_version_name(reference).dataset).dataset;
    History(workspace, dataset).delete_branch(branch);
    return {{"dataset", dataset}, {"branch", branch}, {"version", nullptr}};
  }
  const NamedVersion named = find_version(workspace, reference);
  (void)read_dataset(workspace, named.version);
  History(workspace, named.dataset).set_branch(branch, named.version);
  return {{"dataset", named.dataset}, {"branch", branch}, {"version", named.version.hex()}};
}

int run_data_branch(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                         //
      ("version", po::value<std::string>(), "NAME[@BRANCH|@TAG|@DIGEST][~N]")   //
      ("branch", po::value<std::string>(), "the branch that is made or moved")  //
      ("delete", "the branch ends; runs that name it begin it anew");
  const auto values = parse_options(self, arguments, options, {"version", "branch"}, comm);
  if (!values) return 0;
  const Json changed = change_branch(self, *values, Workspace(workspace_of(*values)));
  print_named(changed, "branch", values->count("json") > 0);
  return 0;
}

}  // namespace

Command data_branch_action() {
  return {"data branch",
          "VERSION BRANCH [--delete] [options]",
          "Make a branch, move it, or end it",
          "millrace data branch quickstart~1 main",
          false,
          run_data_branch};
}

}  // namespace millrace
