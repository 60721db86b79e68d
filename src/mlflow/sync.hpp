// The registry of a workspace, shown by an MLflow server: each version becomes a run with its parameters,
// metrics, tags and artifacts, and a version of a registered model; aliases become aliases. Only what is not
// there yet is sent, so a sync that was interrupted is gone on with by the next one. docs/mlflow.md.
#pragma once

#include <string>
#include <vector>

#include "mlflow/server.hpp"
#include "registry/registry.hpp"
#include "storage/objects.hpp"

namespace millrace::mlflow {

struct SyncOptions {
  std::string experiment;  // of the runs; empty: named like the model
  std::string model;       // only this one; empty: all
};

struct SyncResult {
  std::size_t versions = 0;           // looked at
  std::size_t added = 0;              // that MLflow did not have
  std::size_t changed = 0;            // whose tags, description or artifact MLflow had otherwise
  std::size_t aliases = 0;            // moved
  std::vector<std::string> warnings;  // what could not be sent
};

// Throws as Server does; kUnknownModel for a model that is not registered.
SyncResult sync(Server& server, const Workspace& workspace, const RegistryState& state,
                const SyncOptions& options);

}  // namespace millrace::mlflow
