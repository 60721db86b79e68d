// Inside mlflow/: runs with their parameters, metrics, tags and artifacts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mlflow/server.hpp"
#include "mlflow/tracked_run.hpp"

namespace millrace::mlflow {

class Runs {
 public:
  // `experiment`: of all runs; empty: named like the model.
  Runs(Server& server, std::string experiment) : server_(server), experiment_(std::move(experiment)) {}

  // Makes the run, or goes on with one that an earlier sync began, to its end. Returns what
  // MLflow knows of it ("run_id", "artifact_uri").
  Json send(const TrackedRun& tracked);
  // {"run": {"info", "data"}}, where MLflow has it.
  std::optional<Json> find(const TrackedRun& tracked);
  // The files of a run that is there.
  void upload(const Json& run, const TrackedRun& tracked);

  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::string experiment_id(const std::string& name);
  std::optional<Json> find_experiment(const std::string& name);
  std::optional<Json> find_run(const std::string& experiment, const std::string& id);
  [[nodiscard]] const std::string& experiment_of(const TrackedRun& tracked) const;
  Json ensure_run(const TrackedRun& tracked);
  void warn(const std::string& warning);

  Server& server_;
  std::string experiment_;
  std::map<std::string, std::string> experiments_;  // ids by name
  std::vector<std::string> warnings_;
};

}  // namespace millrace::mlflow
