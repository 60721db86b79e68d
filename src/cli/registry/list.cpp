#include "cli/registry/actions.hpp"

namespace millrace {

namespace {

int run_registry_list(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, workspace_options(), {}, comm);
  if (!values) return 0;
  const RegistryState state = registry_of(*values).state();
  const bool json = values->count("json") > 0;
  Json document = Json::array();
  if (!json && state.versions.empty()) fmt::print("no model is registered\n");
  for (const ModelVersion& version : state.versions) {
    if (json) document.push_back(to_document(version));
    if (!json) print_line(version);
  }
  if (json) fmt::print("{}", pretty_json(document));
  return 0;
}

}  // namespace

Command registry_list_action() {
  return {"registry list",          "[options]", "All versions of all models",
          "millrace registry list", false,       run_registry_list};
}

}  // namespace millrace
