// Everything that a run of training is at a step's border: what a checkpoint holds. The order of rows and the
// dropout masks need no state of their own; they follow from (seed, epoch, step).
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "base/json.hpp"
#include "training/backend.hpp"
#include "training/trainer.hpp"

namespace millrace {

struct Progress {
  std::uint64_t step = 0;   // steps done
  std::uint32_t epoch = 0;  // epochs done
  std::uint64_t batch = 0;  // batches done of the current epoch
  LossSums epoch_sums;      // of the current epoch's training loss
  double epoch_seconds = 0;
  double best_loss = std::numeric_limits<double>::infinity();  // by validation
  std::uint32_t best_epoch = 0;                                // from 1; 0: none yet
  std::vector<EpochRecord> history;
};
// Numbers read back exactly; those that JSON cannot hold (NaN, infinity) become null.
void to_json(Json& json, const Progress& progress);
void from_json(const Json& json, Progress& progress);

struct TrainingState {
  OptimizerState optimizer;
  std::vector<float> best_parameters;  // empty before the first validation
  Progress progress;
};

}  // namespace millrace
