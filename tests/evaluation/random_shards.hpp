// Predictions and targets of some shards, for each task; every third shard is empty.
#pragma once

#include <vector>

#include "base/random.hpp"
#include "evaluation/metrics.hpp"

namespace millrace::testing_support {

inline const EvaluationOptions kBinary{Task::kBinary, 1, 0.4, 10};
inline const EvaluationOptions kThreeClasses{Task::kMulticlass, 3, 0.5, 10};
inline const EvaluationOptions kRegression{Task::kRegression, 1, 0.5, 10};

inline ScoredShard random_shard(const EvaluationOptions& options, std::uint32_t index) {
  CounterRandom random(derive_key({11, index, static_cast<std::uint64_t>(options.task)}));
  ScoredShard shard{index, {}, {}};
  const std::uint64_t rows = index % 3 == 1 ? 0 : 1 + random.below(200);
  for (std::uint64_t row = 0; row < rows; ++row) {
    if (options.task == Task::kRegression) {
      shard.targets.push_back(static_cast<float>(random.normal() * 10 + 100));
      shard.predictions.push_back(shard.targets.back() + static_cast<float>(random.normal()));
    } else if (options.task == Task::kBinary) {
      shard.predictions.push_back(static_cast<float>(random.uniform()));
      shard.targets.push_back(random.uniform() < shard.predictions.back() ? 1 : 0);
    } else {
      shard.targets.push_back(static_cast<float>(random.below(options.outputs)));
      double sum = 0;
      std::vector<double> weights(options.outputs);
      for (double& weight : weights) sum += weight = random.uniform();
      for (const double weight : weights) shard.predictions.push_back(static_cast<float>(weight / sum));
    }
  }
  return shard;
}

inline std::vector<ScoredShard> random_shards(const EvaluationOptions& options, std::uint32_t shards) {
  std::vector<ScoredShard> result;
  for (std::uint32_t i = 0; i < shards; ++i) result.push_back(random_shard(options, i));
  return result;
}

// Those of them that are this rank's, if shard i is on rank i modulo their number.
inline std::vector<ScoredShard> of_this_rank(const std::vector<ScoredShard>& shards) {
  const auto world = Communicator::world();
  std::vector<ScoredShard> mine;
  for (const ScoredShard& shard : shards) {
    if (static_cast<int>(shard.shard) % world.size() == world.rank()) mine.push_back(shard);
  }
  return mine;
}

}  // namespace millrace::testing_support
