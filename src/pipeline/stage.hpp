// A stage of the pipeline as data: what its result depends on, and how to get it.
//
// A stage's key is the digest of (name, numerics version, settings, inputs). Where actions/NAME/KEY exists
// the stage is not run: its output is read from there. Since inputs are digests of contents, a stage that
// runs again and gives the same bytes leaves everything after it cached.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/events.hpp"
#include "base/json.hpp"
#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/sources.hpp"
#include "registry/registry.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Outputs of the stages before: stage name → object. Equal on all ranks.
using Outputs = Json;

// What data.source names, looked for once a run: what a key was made of is what is read.
using StageSources = std::optional<Sources>;

struct StageContext {
  const Communicator& comm;
  const PipelineConfig& config;
  const Workspace& workspace;
  Events& events;
  std::string run;         // the run's name; empty while planning
  std::string run_folder;  // its folder; empty while planning
  bool verify = false;     // read every source again instead of trusting remembered digests
  bool show_progress = false;
  Digest key;  // of the stage that runs; set by the engine
  std::shared_ptr<StageSources> sources = std::make_shared<StageSources>();

  [[nodiscard]] Registry registry() const { return Registry(workspace.path("registry")); }
  [[nodiscard]] std::string model_name() const {
    return config.registry.model.empty() ? config.name : config.registry.model;
  }
  [[nodiscard]] std::string endpoint() const {
    return config.deployment.endpoint.empty() ? config.name : config.deployment.endpoint;
  }

  // Runs `work` on rank 0 and gives its JSON to all; a failure is thrown on all ranks.
  [[nodiscard]] Json on_root(const std::function<Json()>& work) const;
};

// Of all sources together; nothing before they have been looked for.
std::optional<std::uint64_t> source_bytes(const StageContext& context);

struct Stage {
  std::string name;
  // Changes when the stage's results for equal inputs may: golden tests hold it to that.
  int numerics_version = 1;
  // The slice of the configuration that the result depends on.
  std::function<Json(const PipelineConfig&)> settings;
  // Digests (or other identities) of what it reads. Collective.
  std::function<Json(const StageContext&, const Outputs&)> inputs;
  // Does the work. Collective; returns the output on all ranks.
  std::function<Json(const StageContext&, const Outputs&)> run;
  // Whether a cached output still describes the world (a registry entry exists, an endpoint points there).
  // Root only.
  std::function<bool(const StageContext&, const Outputs&, const Json& output)> holds;
  // What every run does with the output, cached or not: tells others of it (a branch moves), and throws where
  // it says that the pipeline must stop here (data rejected, gate not passed). Collective.
  std::function<void(const StageContext&, const Json& output)> conclude;
};

// ingest, validate, features, train, evaluate, register, package, deploy.
const std::vector<Stage>& pipeline_stages();
// Index of a stage. Throws kUsage with the names.
std::size_t stage_index(const std::string& name);

Stage ingest_stage();
Stage validate_stage();
Stage features_stage();
Stage train_stage();
Stage evaluate_stage();
Stage register_stage();
Stage package_stage();
Stage deploy_stage();

}  // namespace millrace
