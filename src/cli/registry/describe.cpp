#include "cli/registry/actions.hpp"

namespace millrace {

namespace {

int run_registry_describe(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                               //
      ("reference", po::value<std::string>(), "MODEL, MODEL/VERSION or MODEL@ALIAS")  //
      ("text", po::value<std::string>(), "what it is");
  const auto values = parse_options(self, arguments, options, {"reference", "text"}, comm);
  if (!values) return 0;
  Registry registry = registry_of(*values);
  const RegistryState state = registry.state();
  const ModelVersion& version = referred(self, *values, state);
  registry.describe(version.model, version.version, required_text(self, *values, "text"));
  return 0;
}

}  // namespace

Command registry_describe_action() {
  return {"registry describe",
          "MODEL[/VERSION|@ALIAS] TEXT [options]",
          "Say what a version is",
          "millrace registry describe churn/7 'first one with usage data'",
          false,
          run_registry_describe};
}

}  // namespace millrace
