#include "evaluation/shard_sums.hpp"
#include "evaluation/task_metrics.hpp"

namespace millrace {

namespace {

// Rows (exact up to 2^53), targets, absolute errors, squared errors.
void add_errors(const ScoredShard& shard, std::span<double> sums) {
  for (std::size_t row = 0; row < shard.targets.size(); ++row) {
    const double target = shard.targets[row];
    const double error = target - shard.predictions[row];
    sums[0] += 1;
    sums[1] += target;
    sums[2] += std::abs(error);
    sums[3] += error * error;
  }
}

// The share of the targets' variance that is explained. Where the targets are all equal there is nothing to
// explain: 1 for exact predictions, 0 otherwise, as r2_score of scikit-learn has it.
double r2_score(double squared_errors, double squared_deviations) {
  if (squared_deviations == 0) return squared_errors == 0 ? 1 : 0;
  return 1 - squared_errors / squared_deviations;
}

}  // namespace

Evaluation evaluate_regression(const Communicator& comm, const std::vector<ScoredShard>& mine,
                               std::uint32_t shards, const EvaluationOptions&) {
  const auto sums = sum_over_shards(comm, mine, shards, 4, add_errors);
  const double rows = sums[0];
  const double mean = sums[1] / rows;
  const auto add_deviations = [mean](const ScoredShard& shard, std::span<double> squares) {
    for (const double target : shard.targets) squares[0] += (target - mean) * (target - mean);
  };
  const double deviations = sum_over_shards(comm, mine, shards, 1, add_deviations)[0];
  Evaluation result;
  result.metrics = {{"rmse", std::sqrt(sums[3] / rows)}, {"mae", sums[2] / rows}};
  if (rows >= 2) result.metrics["r2"] = r2_score(sums[3], deviations);
  return result;
}

}  // namespace millrace
