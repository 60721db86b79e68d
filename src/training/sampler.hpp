// The batches of this rank: which rows of its lanes go into each step. docs/training.md, "Lanes".
#pragma once

#include <span>
#include <vector>

#include "training/batch.hpp"
#include "training/lane.hpp"
#include "training/lane_plan.hpp"

namespace millrace {

class Sampler {
 public:
  // Collective where it reads. `source` must outlive the sampler; `class_weights` are empty or one a class.
  Sampler(const Communicator& comm, RowSource& source, const LanePlan& plan, const TrainingConfig& config,
          std::vector<float> class_weights);

  // Collective. Goes to batch `index` of the epoch (both from 0).
  void start(std::uint64_t epoch, std::uint64_t index);
  // Collective. The next batch's rows on this rank, one part for each of its groups. `step` keys dropout.
  std::span<const Batch> next(std::uint64_t step);

 private:
  // Runs local work; ranks agree on its failure where it reads files, which may fail.
  template <class Work>
  void run(Work&& work);

  Communicator comm_;
  std::uint32_t quota_;
  bool streams_;  // the same on all ranks: some lane does not fit its window
  std::vector<float> class_weights_;
  std::vector<std::vector<Lane>> lanes_;  // of each part
  std::vector<Batch> parts_;
};

}  // namespace millrace
