// Inside mlflow/: the runs that versions come from, with their parameters, metrics, tags and artifacts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mlflow/server.hpp"
#include "mlflow/tracked_version.hpp"

namespace millrace::mlflow {

class Runs {
 public:
  // `experiment`: of all runs; empty: named like the model.
  Runs(Server& server, std::string experiment) : server_(server), experiment_(std::move(experiment)) {}

  // Makes the version's run, or goes on with one that an interrupted sync began, to its end. Returns what
  // MLflow knows of it ("run_id", "artifact_uri").
  Json send(const TrackedVersion& tracked);
  // The files of a run that is there.
  void upload(const Json& run, const TrackedVersion& tracked);

  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::string experiment_id(const std::string& name);
  std::optional<Json> find_experiment(const std::string& name);
  std::optional<Json> find_run(const std::string& experiment, const std::string& id);
  Json ensure_run(const TrackedVersion& tracked);
  void warn(const std::string& warning);

  Server& server_;
  std::string experiment_;
  std::map<std::string, std::string> experiments_;  // ids by name
  std::vector<std::string> warnings_;
};

}  // namespace millrace::mlflow
