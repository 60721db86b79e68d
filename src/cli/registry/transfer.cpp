// millrace registry export | import: a registry as one file.
#include "registry/transfer.hpp"

#include "cli/registry/actions.hpp"

namespace millrace {

namespace {

void print(const char* what, const Transferred& done, bool json) {
  if (json) {
    return fmt::print(
        "{}", pretty_json({{"entries", done.entries}, {"records", done.records}, {"objects", done.objects}}));
  }
  fmt::print("{} {} entries, {} records, {} artifacts\n", what, done.entries, done.records, done.objects);
}

int run_export(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                            //
      ("file", po::value<std::string>(), "a .tar.zst to be made")  //
      ("artifacts", "with the artifacts of all versions");
  const auto values = parse_options(self, arguments, options, {"file"}, comm);
  if (!values) return 0;
  const Workspace workspace(workspace_of(*values));
  const Transferred done =
      export_registry(workspace, required_text(self, *values, "file"), values->count("artifacts") > 0);
  print("exported", done, values->count("json") > 0);
  return 0;
}

int run_import(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()("file", po::value<std::string>(), "what `registry export` has made");
  const auto values = parse_options(self, arguments, options, {"file"}, comm);
  if (!values) return 0;
  const Workspace workspace(workspace_of(*values));
  print("took over", import_registry(workspace, required_text(self, *values, "file")),
        values->count("json") > 0);
  return 0;
}

}  // namespace

Command registry_export_action() {
  return {"registry export",
          "FILE [--artifacts] [options]",
          "The whole registry as one file",
          "millrace registry export churn-registry.tar.zst --artifacts",
          false,
          run_export};
}

Command registry_import_action() {
  return {"registry import",
          "FILE [options]",
          "Take over what an exported registry of the same history has further, or all of it",
          "millrace registry import churn-registry.tar.zst --workspace copy",
          false,
          run_import};
}

}  // namespace millrace
