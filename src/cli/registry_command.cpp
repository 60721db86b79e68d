#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/options.hpp"
#include "pipeline/summary.hpp"
#include "registry/registry.hpp"
#include "storage/objects.hpp"

namespace millrace {

namespace {

Json to_json_document(const ModelVersion& version) {
  return {{"model", version.model},
          {"version", version.version},
          {"aliases", version.aliases},
          {"artifact", version.artifact ? Json(version.artifact->hex()) : Json(nullptr)},
          {"details", version.details}};
}

void print_line(const ModelVersion& version) {
  fmt::print("{:<24} {:<12} {:<24} {}\n", fmt::format("{}/{}", version.model, version.version),
             join(version.aliases, ","), version.details.value("trained", ""),
             describe_metrics(version.details.value("/metrics/test"_json_pointer, Json::object())));
}

void list(const RegistryState& state, bool json) {
  Json document = Json::array();
  if (!json && state.versions.empty()) fmt::print("no model is registered\n");
  for (const ModelVersion& version : state.versions) {
    if (json) document.push_back(to_json_document(version));
    if (!json) print_line(version);
  }
  if (json) fmt::print("{}", pretty_json(document));
}

void print_metrics(const std::string& part, const Json& values) {
  for (const auto& [name, value] : values.items()) {
    fmt::print("  {:<13} {} {}\n", part, name,
               value.is_number() ? fmt::format("{:.6g}", value.get<double>()) : "undefined");
  }
}

void show(const ModelVersion& version, bool json) {
  if (json) return fmt::print("{}", pretty_json(to_json_document(version)));
  print_line(version);
  const Json& details = version.details;
  for (const char* key : {"run", "dataset", "features", "weights", "code_version"}) {
    fmt::print("  {:<13} {}\n", key, details.value(key, ""));
  }
  fmt::print("  {:<13} {}\n", "artifact", version.artifact ? version.artifact->hex() : "(not packaged)");
  fmt::print("  {:<13} {}\n", "gate", details.value("/gate/reason"_json_pointer, ""));
  fmt::print("  {:<13} {:.1f} rank-seconds\n", "cost", details.value("/cost/rank_seconds"_json_pointer, 0.0));
  const Json metrics = details.value("metrics", Json::object());
  for (const auto& [part, values] : metrics.items()) print_metrics(part, values);
}

int run(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                            //
      ("action", po::value<std::string>()->default_value("list"), "list or show")  //
      ("reference", po::value<std::string>(), "MODEL, MODEL/VERSION or MODEL@ALIAS");
  const auto values = parse_options(self, arguments, options, {"action", "reference"}, comm);
  if (!values) return 0;
  const RegistryState state = Registry(Workspace(workspace_of(*values)).path("registry")).state();
  const std::string action = (*values)["action"].as<std::string>();
  const bool json = values->count("json") > 0;
  if (action == "list") return list(state, json), 0;
  if (action != "show")
    throw Error(Topic::kCommandLine, "unknown action '{}'{}; actions: list, show", action,
                suggestion(action, {"list", "show"}));
  if (values->count("reference") == 0)
    throw Error(Topic::kCommandLine, "which model? millrace registry show MODEL[/VERSION|@ALIAS]");
  show(state.resolve((*values)["reference"].as<std::string>()), json);
  return 0;
}

}  // namespace

Command registry_command() {
  return {"registry",
          "list | show MODEL[/VERSION|@ALIAS] [options]",
          "Look into the model registry",
          "millrace registry show quickstart@champion",
          false,
          run};
}

}  // namespace millrace
