// Private to evaluation/: metrics by task. The shards have been checked, and there is at least one row.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "evaluation/metrics.hpp"

namespace millrace {

Evaluation evaluate_binary(const Communicator& comm, const std::vector<ScoredShard>& mine,
                           std::uint32_t shards, const EvaluationOptions& options);
Evaluation evaluate_multiclass(const Communicator& comm, const std::vector<ScoredShard>& mine,
                               std::uint32_t shards, const EvaluationOptions& options);
Evaluation evaluate_regression(const Communicator& comm, const std::vector<ScoredShard>& mine,
                               std::uint32_t shards, const EvaluationOptions& options);

// −log of the probability that was given to what happened, clipped to [ε, 1 − ε] with the float's own ε, as
// log_loss of scikit-learn clips float32 probabilities.
inline double clipped_log_loss(double probability) {
  constexpr double kEpsilon = std::numeric_limits<float>::epsilon();
  return -std::log(std::clamp(probability, kEpsilon, 1 - kEpsilon));
}

// part / whole, and 0 for 0 / 0, as scikit-learn's zero_division does.
inline double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace millrace
