// Private to evaluation/: metrics by task. The shards have been checked, and there is at least one row.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

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

// Of ties the first class is predicted, as by numpy's argmax.
inline std::size_t likeliest(std::span<const float> probabilities) {
  return static_cast<std::size_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

// Σ (probability − 1 for what happened, else 0)² over the classes. G. Brier, "Verification of forecasts
// expressed in terms of probability", Monthly Weather Review 78 (1950). Of two classes the positive one's
// term alone is taken, as by brier_score_loss of scikit-learn.
inline double brier_score(std::span<const float> probabilities, std::size_t actual) {
  double sum = 0;
  for (std::size_t c = 0; c < probabilities.size(); ++c) {
    const double error = static_cast<double>(probabilities[c]) - (c == actual ? 1 : 0);
    sum += error * error;
  }
  return sum;
}

// part / whole, and 0 for 0 / 0, as scikit-learn's zero_division does.
inline double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace millrace
