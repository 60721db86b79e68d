// Inside mlflow/: the searches that versions come from, each a run with its trials as runs below it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mlflow/runs.hpp"
#include "registry/records.hpp"
#include "registry/registry.hpp"

namespace millrace::mlflow {

// A trial's parameters are its values; its metrics are the losses of each epoch and the score at each rung.
struct TrackedSearch {
  TrackedRun run;
  std::vector<TrackedRun> trials;
};

// By what the search has come to: docs/formats.md, "Searches".
TrackedSearch track_search(const std::string& model, const Json& summary);

// The id of the search that the version comes from; "" where it comes from none.
std::string search_of(const ModelVersion& version, const Records& records);

// Sends the searches of these versions of one model, each as the newest version knows it, unless MLflow has
// them as they are. Returns MLflow's ids of their runs by the searches' ids.
std::map<std::string, std::string> send_searches(Runs& runs, const std::vector<const ModelVersion*>& versions,
                                                 const Records& records);

}  // namespace millrace::mlflow
