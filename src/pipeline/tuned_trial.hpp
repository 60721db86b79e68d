// One trial of a search: a training on the training rows, scored by the validation rows. Test rows are never
// read.
#pragma once

#include <string>

#include "pipeline/stage.hpp"
#include "tuning/search.hpp"

namespace millrace {

// What all trials of a search share.
struct TrialSetting {
  const PipelineConfig& config;
  const Workspace& workspace;
  Outputs outputs;     // of ingest, validate and features under `config`
  std::string folder;  // of the search
  std::string metric;  // "loss": the validation loss
};

// `config` with these values, checked as --set checks them. Throws kUsage.
PipelineConfig with_values(const PipelineConfig& config, const tuning::Assignment& values);
// The epochs that a trial is trained for are tuning.scheduler.max_epochs, where that is given.
PipelineConfig trial_config(const PipelineConfig& config);

// Trains the trial up to the segment's last epoch, from its checkpoint where it has one, and scores what the
// training would give if it ended there: the best epoch by validation loss. Collective over the group. Throws
// what the stages features and train do; kDataRejected where the metric is not defined on the validation
// rows.
tuning::Result run_trial(const Communicator& group, const TrialSetting& setting,
                         const tuning::Segment& segment);

}  // namespace millrace
