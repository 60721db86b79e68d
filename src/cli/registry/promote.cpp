#include "base/topics.hpp"
#include "cli/registry/actions.hpp"
#include "registry/hooks.hpp"

namespace millrace {

namespace {

void print_change(const StageChange& change, bool json) {
  if (json) return fmt::print("{}", pretty_json(to_document(change)));
  fmt::print("{}\n", line_of(change));
  for (const std::uint64_t archived : change.archived) {
    fmt::print("{}/{} is {} now\n", change.model, archived, kLastStage);
  }
}

int move(const Command& self, const Arguments& arguments, const Communicator& comm, bool up) {
  po::options_description options = workspace_options();
  options.add_options()                                                               //
      ("reference", po::value<std::string>(), "MODEL, MODEL/VERSION or MODEL@ALIAS")  //
      ("stage", po::value<std::string>(), "where to")                                 //
      ("comment", po::value<std::string>(), "why");
  const auto values = parse_options(self, arguments, options, {"reference"}, comm);
  if (!values) return 0;
  Registry registry = registry_of(*values);
  const RegistryState state = registry.state();
  const ModelVersion& version = referred(self, *values, state);
  const std::string stage = required_text(self, *values, "stage");
  (void)state.stages().rank_of(stage);
  if (version.stage != stage && state.stages().leads_up(version.stage, stage) != up) {
    throw Error(Topic::kContradiction, "from {} to {} is a step {}: millrace registry {}", version.stage,
                stage, up ? "down" : "up", up ? "demote" : "promote");
  }
  const StageChange change = change_stage(registry, Hooks(workspace_of(*values)), version.model,
                                          version.version, stage, text_of(*values, "comment"));
  print_change(change, values->count("json") > 0);
  return 0;
}

int promote(const Command& self, const Arguments& arguments, const Communicator& comm) {
  return move(self, arguments, comm, true);
}

int demote(const Command& self, const Arguments& arguments, const Communicator& comm) {
  return move(self, arguments, comm, false);
}

}  // namespace

Command registry_promote_action() {
  return {"registry promote",
          "MODEL[/VERSION|@ALIAS] --stage STAGE [options]",
          "Move a version up, with the sign-offs that the policy wants",
          "millrace registry promote churn/7 --stage Production",
          false,
          promote};
}

Command registry_demote_action() {
  return {"registry demote",
          "MODEL[/VERSION|@ALIAS] --stage STAGE [options]",
          "Move a version down, or to Archived: needs no sign-off",
          "millrace registry demote churn/7 --stage Staging",
          false,
          demote};
}

}  // namespace millrace
