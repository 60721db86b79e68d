// What a registered version has to say to MLflow, gathered from the registry and the workspace.
#pragma once

#include <string>

#include "mlflow/tracked_run.hpp"
#include "registry/registry.hpp"
#include "storage/objects.hpp"

namespace millrace::mlflow {

// The run's metrics are those of each epoch, with its number as step, and results at the best epoch; its
// parameters are the configuration, its keys joined with '.'.
struct TrackedVersion : TrackedRun {
  std::string search;  // that the run's values come from: its id; or empty
  std::string user;
  std::string description;
  Pairs version_tags;  // those that people gave, and Millrace's own, "millrace.…"
};

// Set once the artifacts are there: the artifact's digest, or "none".
inline constexpr const char* kArtifactTag = "millrace.artifact";
// The names of the tags that people gave, so that one taken away can be told from MLflow's own.
inline constexpr const char* kTagsTag = "millrace.tags";

// What is gone from the workspace (the run's folder, an object) is left out.
TrackedVersion track(const Workspace& workspace, const ModelVersion& version);

}  // namespace millrace::mlflow
