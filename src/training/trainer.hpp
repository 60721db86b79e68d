// Data-parallel training. Ranks own whole lanes of the training rows; each step's gradients are summed over
// ranks and divided by the rows really in the batch. What a batch holds does not depend on the number of
// ranks. docs/training.md: lanes, order, determinism, checkpoints, resume.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/events.hpp"
#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "model/network.hpp"

namespace millrace {

struct TrainingInput {
  std::vector<std::string> train_shards;       // paths of feature shards, in source order
  std::vector<std::string> validation_shards;  // may be empty: then there is no early stopping
  Digest key;                               // of the training stage: a checkpoint of another key is refused
  std::string checkpoint_folder;            // where this run writes its checkpoints
  std::vector<std::string> resume_folders;  // where to look for checkpoints of earlier runs with the same key
  bool show_progress = false;
  std::vector<float> initial = {};  // parameters to begin with; empty: initial_parameters() by the seed
  // Pauses after this epoch, with a checkpoint from which the same input with a later epoch, or none, goes
  // on: as if it had not paused. Nothing: to the end.
  std::optional<std::uint32_t> until_epoch = {};
};

struct EpochRecord {
  std::uint32_t epoch = 0;  // from 1
  double train_loss = 0;
  double validation_loss = 0;  // NaN where there are no validation rows
  double learning_rate = 0;    // at the epoch's end
  double seconds = 0;
};

struct TrainingResult {
  std::vector<float>
      parameters;  // of the best epoch by validation loss; the last epoch's without validation rows
  std::uint32_t best_epoch = 0;
  std::uint64_t steps = 0;
  std::uint64_t resumed_from_step = 0;  // 0: started afresh
  bool stopped_early = false;
  bool paused = false;  // at until_epoch, with epochs to come
  std::vector<EpochRecord> history;
  double samples_per_second = 0;  // over this process's steps, all ranks together
  std::string device;             // what was used and why: "cpu (OpenBLAS, 1 thread a rank); no GPU: …"
};

// Collective. Throws kStopped (after a checkpoint on all ranks) where a signal asked for an end; kUsage for
// settings that the data cannot meet (more ranks than lanes); kDataRejected for a loss that is no number.
TrainingResult train(const Communicator& comm, const NetworkSpec& spec, const TrainingConfig& config,
                     const TrainingInput& input, Events& events);

}  // namespace millrace
