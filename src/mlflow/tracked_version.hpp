// What a registered version has to say to MLflow, gathered from the registry and the workspace.
#pragma once

#include <string>
#include <vector>

#include "mlflow/batches.hpp"
#include "registry/registry.hpp"
#include "storage/objects.hpp"

namespace millrace::mlflow {

struct TrackedFile {
  std::string name;  // among the run's artifacts
  std::string path;
};

struct TrackedVersion {
  std::string id;  // of this version in this registry, and of no other
  std::string model;
  std::string run;         // its name in the workspace
  std::int64_t begin = 0;  // of the run, as the end in milliseconds since 1970
  std::int64_t end = 0;
  std::string user;
  std::string description;
  std::vector<Metric> metrics;  // each epoch's, with its number as step; results at the best epoch
  Pairs parameters;             // the configuration, its keys joined with '.'
  Pairs run_tags;
  Pairs version_tags;  // those that people gave, and Millrace's own, "millrace.…"
  std::vector<TrackedFile> files;
};

// A tag by which a run or version is found again, with the TrackedVersion's id.
inline constexpr const char* kIdTag = "millrace.id";
// Set once the artifacts are there: the artifact's digest, or "none".
inline constexpr const char* kArtifactTag = "millrace.artifact";
// The names of the tags that people gave, so that one taken away can be told from MLflow's own.
inline constexpr const char* kTagsTag = "millrace.tags";

// What is gone from the workspace (the run's folder, an object) is left out.
TrackedVersion track(const Workspace& workspace, const ModelVersion& version);

}  // namespace millrace::mlflow
