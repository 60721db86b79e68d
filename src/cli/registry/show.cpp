#include "base/text.hpp"
#include "cli/registry/actions.hpp"
#include "cost/allocation.hpp"
#include "cost/describe.hpp"

namespace millrace {

namespace {

void print_version_key(const char* key, const std::string& value) {
  fmt::print("  {:<13} {}\n", key, value);
}

void print_metrics(const std::string& part, const Json& values) {
  for (const auto& [name, value] : values.items()) {
    fmt::print("  {:<13} {} {}\n", part, name,
               value.is_number() ? fmt::format("{:.6g}", value.get<double>()) : "undefined");
  }
}

// Versions of earlier releases have no cores.
std::string describe_version_cost(const Json& cost) {
  std::string text = fmt::format("{:.1f} rank-seconds", cost.value("rank_seconds", 0.0));
  if (cost.contains("cores")) text += ", " + describe(recorded_cost(cost), cost.value("currency", ""));
  return text;
}

void print_details(const ModelVersion& version) {
  const Json details = version.details();
  for (const char* key : {"run", "dataset", "features", "weights", "code_version"}) {
    print_version_key(key, details.value(key, ""));
  }
  if (details.contains("search")) {
    const Json& search = details["search"];
    print_version_key("search",
                      fmt::format("{}, trial {}", search.value("name", ""), search.value("trial", 0)));
  }
  const Json job = details.value("/job/job_id"_json_pointer, Json());
  if (job.is_string()) print_version_key("Slurm job", job.get<std::string>());
  print_version_key("artifact", version.artifact ? version.artifact->hex() : "(not packaged)");
  print_version_key("gate", details.value("/gate/reason"_json_pointer, ""));
  print_version_key("cost", describe_version_cost(details.value("cost", Json::object())));
  const Json metrics = details.value("metrics", Json::object());
  for (const auto& [part, values] : metrics.items()) print_metrics(part, values);
}

bool is_about(const SignOff& sign_off, const ModelVersion& version) {
  return sign_off.statement.model == version.model && sign_off.statement.version == version.version;
}

// What each guarded stage takes, or that nothing is guarded.
void print_policy(const RegistryState& state) {
  if (!state.policy)
    return print_version_key("policy", "none: stages are not guarded (millrace init-policy writes one)");
  for (const StageRule& stage : state.policy->stages) {
    if (!stage.approvals.empty())
      print_version_key("policy", stage.name + " takes " + join(stage.approvals, " and "));
  }
}

void print_governance(const RegistryState& state, const ModelVersion& version) {
  for (const auto& [name, value] : version.tags) print_version_key("tag", name + " = " + value);
  if (!version.description.empty()) print_version_key("description", version.description);
  print_policy(state);
  for (const SignOff& sign_off : state.sign_offs) {
    if (is_about(sign_off, version))
      print_version_key("sign-off", sign_off.statement.stage + " " + line_of(sign_off));
  }
  for (const StageChange& change : state.stage_changes) {
    if (change.model == version.model && change.version == version.version)
      print_version_key("stage", line_of(change));
  }
}

Json whole_document(const RegistryState& state, const ModelVersion& version) {
  Json document = to_document(version);
  document["guarded"] = state.policy.has_value();
  document["sign_offs"] = Json::array();
  for (const SignOff& sign_off : state.sign_offs) {
    if (is_about(sign_off, version)) document["sign_offs"].push_back(to_document(sign_off));
  }
  return document;
}

int run_registry_show(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()("reference", po::value<std::string>(), "MODEL, MODEL/VERSION or MODEL@ALIAS");
  const auto values = parse_options(self, arguments, options, {"reference"}, comm);
  if (!values) return 0;
  const RegistryState state = registry_of(*values).state();
  const ModelVersion& version = referred(self, *values, state);
  if (values->count("json") > 0) {
    fmt::print("{}", pretty_json(whole_document(state, version)));
    return 0;
  }
  print_line(version);
  print_details(version);
  print_governance(state, version);
  return 0;
}

}  // namespace

Command registry_show_action() {
  return {"registry show",
          "MODEL[/VERSION|@ALIAS] [options]",
          "One version: where it comes from, its metrics, stage and sign-offs",
          "millrace registry show quickstart@champion",
          false,
          run_registry_show};
}

}  // namespace millrace
