#include "cli/data/actions.hpp"
#include "versions/reference.hpp"
#include "versions/stored.hpp"

namespace millrace {

namespace {

Json change_tag(const Command& self, const po::variables_map& values, const Workspace& workspace) {
  const std::string tag = required_value(self, values, "tag");
  const std::string reference = required_value(self, values, "version");
  if (values.count("delete") > 0) {
    const std::string dataset = find_history(workspace, parse_version_name(reference).dataset).dataset;
    History(workspace, dataset).delete_tag(tag);
    return {{"dataset", dataset}, {"tag", tag}, {"version", nullptr}};
  }
  const NamedVersion named = find_version(workspace, reference);
  (void)read_dataset(workspace, named.version);  // a tag keeps what is there
  History(workspace, named.dataset).set_tag(tag, named.version, values.count("move") > 0);
  return {{"dataset", named.dataset}, {"tag", tag}, {"version", named.version.hex()}};
}

int run_data_tag(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                        //
      ("version", po::value<std::string>(), "NAME[@BRANCH|@TAG|@DIGEST][~N]")  //
      ("tag", po::value<std::string>(), "its new name")                        //
      ("move", "also where the tag means another version")                     //
      ("delete", "the tag goes, the version stays as long as something else needs it");
  const auto values = parse_options(self, arguments, options, {"version", "tag"}, comm);
  if (!values) return 0;
  const Json changed = change_tag(self, *values, Workspace(workspace_of(*values)));
  print_named(changed, "tag", values->count("json") > 0);
  return 0;
}

}  // namespace

Command data_tag_action() {
  return {"data tag",
          "VERSION TAG [--move | --delete] [options]",
          "Give a version a name that stays",
          "millrace data tag quickstart@main release-1",
          false,
          run_data_tag};
}

}  // namespace millrace
