#include "base/topics.hpp"
#include "cli/registry/actions.hpp"

namespace millrace {

namespace {

int run_registry_tag(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                                 //
      ("reference", po::value<std::string>(), "MODEL, MODEL/VERSION or MODEL@ALIAS")    //
      ("tag", po::value<std::string>(), "NAME=VALUE, or with --delete its name alone")  //
      ("delete", "the tag goes");
  const auto values = parse_options(self, arguments, options, {"reference", "tag"}, comm);
  if (!values) return 0;
  Registry registry = registry_of(*values);
  const RegistryState state = registry.state();
  const ModelVersion& version = referred(self, *values, state);
  const std::string tag = required_text(self, *values, "tag");
  const auto equals = tag.find('=');
  const bool deletes = values->count("delete") > 0;
  if (deletes != (equals == std::string::npos)) {
    throw Error(Topic::kCommandLine, "'{}' is no {}: millrace {} {}", tag,
                deletes ? "tag's name" : "NAME=VALUE", self.name, self.arguments);
  }
  registry.set_tag(version.model, version.version, tag.substr(0, equals),
                   deletes ? std::nullopt : std::optional(tag.substr(equals + 1)));
  return 0;
}

}  // namespace

Command registry_tag_action() {
  return {"registry tag",
          "MODEL[/VERSION|@ALIAS] NAME=VALUE | NAME --delete [options]",
          "Give a version a tag",
          "millrace registry tag churn/7 team=crm",
          false,
          run_registry_tag};
}

}  // namespace millrace
