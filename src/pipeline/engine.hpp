// Runs the stages in order, each only where its key has no recorded output, and keeps the run's record.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/events.hpp"
#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

struct RunOptions {
  std::string last_stage = "deploy";  // stages after it are left alone
  bool verify = false;                // read every source again
  bool quiet = false;
  std::string because = {};  // why it runs: for run.json; "" says nothing
  // Where given: run the last stage alone, on the outputs that this finished run recorded for those before
  // (see find_finished_run); sources are not looked at.
  std::optional<std::string> from_run;
  // Begins the run though a budget with stop: true does not allow it; the reason is recorded.
  std::optional<std::string> override_budget = {};
  // Called on rank 0 with the run's folder once run.json is final, after success and failure alike (for the
  // report).
  std::function<void(const std::string& run_folder)> finished;
  std::vector<EventListener> listeners = {};  // of the run's events; rank 0
  // The search (pipeline/tune.hpp) that the run works at, or that its values come from: for run.json.
  Json search = {};
  // Collective; the work of one that works at a search, as its stage "tune" after the last one. Its result,
  // on rank 0, is what run.json then says of the search.
  std::function<Json(const Outputs& outputs)> tune = {};
};

struct RunResult {
  Json record;         // run.json as written; null on ranks other than 0
  std::string folder;  // of the run
  bool all_cached = true;
};

// Collective. Throws the stage's error, after the run's record has been written; kOverBudget or kNoPrice,
// before anything is written, where a budget does not allow the run (pipeline/budget_gate.hpp).
RunResult run_pipeline(const Communicator& comm, const PipelineConfig& config, const RunOptions& options);

// What a run would do, without doing it.
struct PlannedStage {
  enum class State {
    kCached,
    kRuns,
    kDependsOnEarlier
  };  // the last: its inputs are not known before an earlier one ran
  std::string name;
  State state = State::kRuns;
  std::vector<std::string> reasons;  // kRuns: which parts of the key differ from the last time
};

struct PipelinePlan {
  std::vector<PlannedStage> stages;
  std::optional<std::uint64_t> source_bytes;  // of all sources together
};

// Collective; reads sources only where their digests are not remembered.
PipelinePlan plan_pipeline(const Communicator& comm, const PipelineConfig& config, const RunOptions& options);

}  // namespace millrace
