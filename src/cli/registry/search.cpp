#include "registry/search.hpp"

#include "cli/registry/actions.hpp"

namespace millrace {

namespace {

int run_registry_search(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()("query", po::value<std::string>(), "conditions, order by, limit");
  const auto values = parse_options(self, arguments, options, {"query"}, comm);
  if (!values) return 0;
  const Registry registry = registry_of(*values);
  const Records records(registry.folder());
  const bool json = values->count("json") > 0;
  Json document = Json::array();
  for (const ModelVersion* version :
       search(registry.state(), records, required_text(self, *values, "query"))) {
    if (json) document.push_back(to_document(*version));
    if (!json) print_line(*version);
  }
  if (json) fmt::print("{}", pretty_json(document));
  return 0;
}

}  // namespace

Command registry_search_action() {
  return {"registry search",
          "QUERY [options]",
          "Find versions by metrics, tags, parameters, stage, time",
          "millrace registry search \"metrics.test.auc > 0.84 and tags.team = 'crm' order by created desc\"",
          false,
          run_registry_search};
}

}  // namespace millrace
