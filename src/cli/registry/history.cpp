#include "cli/registry/actions.hpp"
#include "registry/stage_history.hpp"

namespace millrace {

namespace {

void print_holders(const std::vector<StageHolder>& holders, const std::string& stage, bool json) {
  Json document = Json::array();
  for (const StageHolder& holder : holders) {
    document.push_back({{"model", holder.model}, {"version", holder.version}, {"since", holder.since}});
    if (!json) fmt::print("{}/{}  since {}\n", holder.model, holder.version, holder.since);
  }
  if (json) return fmt::print("{}", pretty_json(document));
  if (holders.empty()) fmt::print("no version had the stage {} then\n", stage);
}

void print_changes(const RegistryState& state, const std::string& model, const std::string& stage,
                   bool json) {
  Json document = Json::array();
  for (const StageChange& change : state.stage_changes) {
    if (!model.empty() && change.model != model) continue;
    if (!stage.empty() && change.from != stage && change.to != stage) continue;
    if (json) document.push_back(to_document(change));
    if (!json) fmt::print("{}\n", line_of(change));
  }
  if (json) fmt::print("{}", pretty_json(document));
}

int run_registry_history(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                      //
      ("model", po::value<std::string>(), "of this model; all by default")   //
      ("stage", po::value<std::string>(), "steps into and out of this one")  //
      ("on", po::value<std::string>(), "with --stage: what had it then (2026-03-12, or a time in RFC 3339)");
  const auto values = parse_options(self, arguments, options, {"model"}, comm);
  if (!values) return 0;
  const RegistryState state = registry_of(*values).state();
  const std::string stage = text_of(*values, "stage");
  if (!stage.empty()) (void)state.stages().rank_of(stage);
  const bool json = values->count("json") > 0;
  const std::string on = text_of(*values, "on");
  if (on.empty()) return print_changes(state, text_of(*values, "model"), stage, json), 0;
  const std::string wanted = required_text(self, *values, "stage");
  print_holders(stage_holders(state, text_of(*values, "model"), wanted, end_of_moment(on)), wanted, json);
  return 0;
}

}  // namespace

Command registry_history_action() {
  return {"registry history",
          "[MODEL] [--stage STAGE] [--on DATE] [options]",
          "Steps through stages, or what had a stage on a day",
          "millrace registry history churn --stage Production --on 2026-03-12",
          false,
          run_registry_history};
}

}  // namespace millrace
