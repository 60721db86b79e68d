#include "evaluation/row_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "evaluation/shard_sums.hpp"
#include "evaluation/task_metrics.hpp"

namespace millrace {

namespace {

RowSums binary_sums(const EvaluationOptions& options) {
  enum { kRows, kLoss, kBrier, kCorrect, kHits, kPredicted, kPositive, kWidth };
  const auto of_row = [=](const ScoredShard& shard, std::size_t row, std::span<double> values) {
    const double probability = shard.predictions[row];
    const bool positive = shard.targets[row] != 0;
    const bool predicted = probability >= options.threshold;
    const double error = probability - (positive ? 1 : 0);
    const double found[] = {1,
                            clipped_log_loss(positive ? probability : 1 - probability),
                            error * error,
                            positive == predicted ? 1.0 : 0.0,
                            positive && predicted ? 1.0 : 0.0,
                            predicted ? 1.0 : 0.0,
                            positive ? 1.0 : 0.0};
    std::ranges::copy(found, values.begin());
  };
  const auto share = [](double part, double whole) { return whole == 0 ? 0 : part / whole; };
  const auto metrics = [=](std::span<const double> sums) -> std::map<std::string, double> {
    return {{"log_loss", sums[kLoss] / sums[kRows]},
            {"brier", sums[kBrier] / sums[kRows]},
            {"accuracy", sums[kCorrect] / sums[kRows]},
            {"precision", share(sums[kHits], sums[kPredicted])},
            {"recall", share(sums[kHits], sums[kPositive])},
            {"f1", share(2 * sums[kHits], sums[kPredicted] + sums[kPositive])}};
  };
  return {kWidth, of_row, metrics};
}

RowSums multiclass_sums(const EvaluationOptions& options) {
  const auto of_row = [=](const ScoredShard& shard, std::size_t row, std::span<double> values) {
    const auto probabilities = std::span(shard.predictions).subspan(row * options.outputs, options.outputs);
    const auto actual = static_cast<std::size_t>(shard.targets[row]);
    values[0] = 1;
    values[1] = clipped_log_loss(probabilities[actual]);
    values[2] = brier_score(probabilities, actual);
    values[3] = likeliest(probabilities) == actual ? 1 : 0;
  };
  const auto metrics = [](std::span<const double> sums) -> std::map<std::string, double> {
    return {{"log_loss", sums[1] / sums[0]}, {"brier", sums[2] / sums[0]}, {"accuracy", sums[3] / sums[0]}};
  };
  return {4, of_row, metrics};
}

// `mean`: of the targets; deviations from it keep the digits that squares of the targets would lose.
RowSums regression_sums(double mean) {
  const auto of_row = [mean](const ScoredShard& shard, std::size_t row, std::span<double> values) {
    const double target = shard.targets[row];
    const double error = target - shard.predictions[row];
    const double deviation = target - mean;
    const double found[] = {1, std::abs(error), error * error, deviation, deviation * deviation};
    std::ranges::copy(found, values.begin());
  };
  const auto metrics = [](std::span<const double> sums) -> std::map<std::string, double> {
    const double deviations = sums[4] - sums[3] * sums[3] / sums[0];
    return {{"rmse", std::sqrt(sums[2] / sums[0])},
            {"mae", sums[1] / sums[0]},
            {"r2", deviations > 0 ? 1 - sums[2] / deviations : std::numeric_limits<double>::quiet_NaN()}};
  };
  return {5, of_row, metrics};
}

double mean_target(const Communicator& comm, const std::vector<ScoredShard>& mine, std::uint32_t shards) {
  const auto sums = sum_over_shards(comm, mine, shards, 2, [](const ScoredShard& shard, auto sums_of_shard) {
    for (const double target : shard.targets) sums_of_shard[0] += target;
    sums_of_shard[1] += static_cast<double>(shard.targets.size());
  });
  return sums[0] / sums[1];
}

}  // namespace

RowSums row_sums(const Communicator& comm, const std::vector<ScoredShard>& mine, std::uint32_t shards,
                 const EvaluationOptions& options) {
  switch (options.task) {
    case Task::kBinary:
      return binary_sums(options);
    case Task::kMulticlass:
      return multiclass_sums(options);
    case Task::kRegression:
      break;
  }
  return regression_sums(mean_target(comm, mine, shards));
}

}  // namespace millrace
