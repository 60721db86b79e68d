#include "versions/view.hpp"

#include "cli/data/actions.hpp"

namespace millrace {

namespace {

int run_data_view(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                        //
      ("version", po::value<std::string>(), "NAME[@BRANCH|@TAG|@DIGEST][~N]")  //
      ("out", po::value<std::string>(), "the file; default: NAME.h5 in this folder");
  const auto values = parse_options(self, arguments, options, {"version"}, comm);
  if (!values) return 0;
  const Workspace workspace(workspace_of(*values));
  const NamedVersion named = find_version(workspace, required_value(self, *values, "version"));
  const std::string out =
      values->count("out") > 0 ? (*values)["out"].as<std::string>() : named.dataset + ".h5";
  write_view(workspace, named, out);
  if (values->count("json") > 0) {
    fmt::print("{}",
               pretty_json({{"dataset", named.dataset}, {"version", named.version.hex()}, {"out", out}}));
  } else {
    fmt::print("{} shows version {}; a tag keeps it: millrace data tag {}@{} TAG\n", out,
               named.version.brief(), named.dataset, named.version.brief());
  }
  return 0;
}

}  // namespace

Command data_view_action() {
  return {"data view",
          "VERSION [--out FILE] [options]",
          "Write an HDF5 file that shows all shards of a version as one table",
          "millrace data view quickstart",
          false,
          run_data_view};
}

}  // namespace millrace
