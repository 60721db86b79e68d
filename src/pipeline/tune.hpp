// A search for better settings: the stages before the training once, then trials side by side.
// docs/tuning.md.
#pragma once

#include <optional>

#include "pipeline/engine.hpp"

namespace millrace {

struct TuningResult {
  // {"search", "id", "begun", "summarized", "complete", "metric", "larger_is_better", "trials", "best",
  // "better", "importance", "epochs", "folder"}: docs/formats.md, "Searches". The same on all ranks.
  Json summary;
  PipelineConfig best;  // with the best trial's values
  Digest object;        // the summary's, without "folder", in the workspace; on rank 0
};

// Collective, in a run of its own, with `options`: the stages up to features, then the trials. Goes on
// with the search of that name where there is one; the search's folder, WORKSPACE/tuning/NAME, then holds
// search.json (the summary) and best.yaml. Throws what run_pipeline does for those stages; kSearchSpace
// without a space; kContradiction where tuning.ranks_per_trial does not divide the ranks; kNoPrice where
// tuning.limits.cost is set without the prices that it needs; kNoValidationRows; kOtherSearch where the
// search was begun with other settings, which are named; kStopped (after checkpoints) where a signal asked
// for an end; kNoTrial where no trial came to a score.
TuningResult tune_pipeline(const Communicator& comm, const PipelineConfig& config, RunOptions options);

// On rank 0: RunOptions::search of a run with the best values.
Json trained_trial(const TuningResult& result);

}  // namespace millrace
