#include "report/collect.hpp"

#include "base/file.hpp"
#include "base/publish.hpp"

namespace millrace {

namespace {

// The JSON object that outputs[stage][key] names; null where the run did not get that far.
Json named_object(const Workspace& workspace, const Json& outputs, const char* stage, const char* key) {
  if (!outputs.contains(stage)) return nullptr;
  const Digest digest = Digest::from_hex(outputs.at(stage).at(key).get<std::string>());
  return parse_json(workspace.get_object(digest), std::string(key) + " " + digest.brief());
}

}  // namespace

ReportInput collect_report(const Workspace& workspace, const std::string& run_folder) {
  ReportInput input;
  input.run = read_json_file(run_folder + "/run.json");
  input.config_yaml = read_file(run_folder + "/config.resolved.yaml");
  const Json outputs = input.run.value("outputs", Json::object());
  input.dataset = named_object(workspace, outputs, "ingest", "dataset");
  input.verdict = named_object(workspace, outputs, "validate", "verdict");
  input.training = named_object(workspace, outputs, "train", "training");
  input.evaluation = named_object(workspace, outputs, "evaluate", "evaluation");
  const Json features = named_object(workspace, outputs, "features", "features");
  if (!features.is_null()) input.plan = features.at("plan");
  return input;
}

void write_report(const Workspace& workspace, const std::string& run_folder) {
  publish_file(run_folder + "/report.html", render_report(collect_report(workspace, run_folder)));
}

}  // namespace millrace
