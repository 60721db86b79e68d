#include "mlflow/runs.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/topics.hpp"
#include "mlflow/names.hpp"
#include "net/url.hpp"

namespace millrace::mlflow {

namespace {

constexpr std::string_view kArtifactScheme = "mlflow-artifacts:";

// The path behind the server's artifact root of "mlflow-artifacts:/1/…" or "mlflow-artifacts://host/1/…".
std::string proxied_path(const std::string& artifact_uri) {
  std::string path = artifact_uri.substr(kArtifactScheme.size());
  if (path.starts_with("//")) path = path.substr(std::min(path.size(), path.find('/', 2)));
  return path.substr(std::min(path.size(), path.find_first_not_of('/')));
}

}  // namespace

Json Runs::send(const TrackedRun& tracked) {
  Json run = ensure_run(tracked);
  const std::string id = run.at("run_id");
  for (const Json& batch : log_batches(id, tracked.metrics, tracked.parameters, tracked.run_tags))
    (void)server_.post("runs/log-batch", batch);
  upload(run, tracked);
  (void)server_.post("runs/update", {{"run_id", id}, {"status", tracked.status}, {"end_time", tracked.end}});
  return run;
}

void Runs::upload(const Json& run, const TrackedRun& tracked) {
  const std::string uri = run.at("artifact_uri");
  if (!uri.starts_with(kArtifactScheme)) {
    return warn(
        fmt::format("MLflow at {} keeps the artifacts of experiment {} elsewhere ({}…) and takes none "
                    "itself: none were sent",
                    server_.shown(), run.value("experiment_id", ""),
                    shown_address(uri).substr(0, uri.find('/', uri.find("//") + 2))));
  }
  for (const TrackedFile& file : tracked.files)
    server_.upload(proxied_path(uri) + "/" + file.name, file.path);
}

std::optional<Json> Runs::find(const TrackedRun& tracked) {
  return find_run(experiment_id(experiment_of(tracked)), tracked.id);
}

const std::string& Runs::experiment_of(const TrackedRun& tracked) const {
  return experiment_.empty() ? tracked.model : experiment_;
}

Json Runs::ensure_run(const TrackedRun& tracked) {
  const std::string experiment = experiment_id(experiment_of(tracked));
  const Json body{{"experiment_id", experiment},
                  {"run_name", tracked.run},
                  {"start_time", tracked.begin},
                  {"tags", to_pairs({{kIdTag, tracked.id}}, kTagLimit)}};
  const auto find = [&] { return find_run(experiment, tracked.id); };
  return server_.find_or_create(find, "runs/create", body).at("run").at("info");
}

std::optional<Json> Runs::find_run(const std::string& experiment, const std::string& id) {
  const Json found = server_.post("runs/search", {{"experiment_ids", {experiment}},
                                                  {"filter", fmt::format("tags.`{}` = '{}'", kIdTag, id)},
                                                  {"max_results", 1}});
  if (!found.contains("runs") || found["runs"].empty()) return std::nullopt;
  return Json{{"run", found["runs"][0]}};
}

std::string Runs::experiment_id(const std::string& name) {
  std::string& id = experiments_[name];
  if (!id.empty()) return id;
  const auto find = [&] { return find_experiment(name); };
  id = server_.find_or_create(find, "experiments/create", {{"name", name}}).at("experiment_id");
  return id;
}

std::optional<Json> Runs::find_experiment(const std::string& name) {
  auto found = server_.find("experiments/get-by-name", {{"experiment_name", name}});
  if (!found) return found;
  const Json& experiment = found->at("experiment");
  if (experiment.value("lifecycle_stage", "active") == "active") return experiment;
  throw Error(
      Topic::kRefusedByMlflow,
      "MLflow at {} has deleted the experiment '{}': restore it, or name another one with --experiment",
      server_.shown(), name);
}

void Runs::warn(const std::string& warning) {
  if (std::ranges::find(warnings_, warning) != warnings_.end()) return;
  log_warning("{}", warning);
  warnings_.push_back(warning);
}

}  // namespace millrace::mlflow
