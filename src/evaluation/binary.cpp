#include <array>

#include "evaluation/auc.hpp"
#include "evaluation/calibration.hpp"
#include "evaluation/curves.hpp"
#include "evaluation/shard_sums.hpp"
#include "evaluation/task_metrics.hpp"

namespace millrace {

namespace {

struct Confusion {
  std::uint64_t true_positives = 0;
  std::uint64_t false_positives = 0;
  std::uint64_t false_negatives = 0;
  std::uint64_t true_negatives = 0;

  [[nodiscard]] std::uint64_t positives() const { return true_positives + false_negatives; }
  [[nodiscard]] std::uint64_t predicted() const { return true_positives + false_positives; }
  [[nodiscard]] std::uint64_t correct() const { return true_positives + true_negatives; }
};

Confusion confusion(const Communicator& comm, const std::vector<ScoredShard>& mine, double threshold) {
  std::array<std::uint64_t, 4> counts{};  // by 2 · actual + predicted
  for (const ScoredShard& shard : mine) {
    for (std::size_t row = 0; row < shard.targets.size(); ++row) {
      const bool predicted = static_cast<double>(shard.predictions[row]) >= threshold;
      ++counts.at((shard.targets[row] != 0 ? 2U : 0U) + (predicted ? 1U : 0U));
    }
  }
  comm.all_reduce(std::span<std::uint64_t>(counts), Reduce::kSum);
  return {counts[3], counts[1], counts[2], counts[0]};
}

void add_losses(const ScoredShard& shard, std::span<double> sums) {
  for (std::size_t row = 0; row < shard.targets.size(); ++row) {
    const double probability = shard.predictions[row];
    const bool positive = shard.targets[row] != 0;
    const double error = probability - (positive ? 1 : 0);
    sums[0] += clipped_log_loss(positive ? probability : 1 - probability);
    sums[1] += error * error;
  }
}

Judged judge_positive(const ScoredShard& shard, std::size_t row) {
  return {shard.predictions[row], shard.targets[row] != 0};
}

std::vector<LabelledScores> scores_of(const std::vector<ScoredShard>& shards) {
  std::vector<LabelledScores> scores;
  for (const ScoredShard& shard : shards) scores.push_back({shard.predictions, shard.targets});
  return scores;
}

}  // namespace

Evaluation evaluate_binary(const Communicator& comm, const std::vector<ScoredShard>& mine,
                           std::uint32_t shards, const EvaluationOptions& options) {
  const Confusion counts = confusion(comm, mine, options.threshold);
  const std::uint64_t rows = counts.correct() + counts.false_positives + counts.false_negatives;
  const auto losses = sum_over_shards(comm, mine, shards, 2, add_losses);
  const auto bins = calibration_bins(comm, mine, shards, options.calibration_bins, judge_positive);

  Evaluation result;
  result.metrics = {{"log_loss", losses[0] / static_cast<double>(rows)},
                    {"brier", losses[1] / static_cast<double>(rows)},
                    {"accuracy", ratio(counts.correct(), rows)},
                    {"precision", ratio(counts.true_positives, counts.predicted())},
                    {"recall", ratio(counts.true_positives, counts.positives())},
                    {"f1", ratio(2 * counts.true_positives, counts.predicted() + counts.positives())},
                    {"calibration_error", calibration_error(bins)},
                    {"positive_share", ratio(counts.positives(), rows)}};
  result.curves["calibration"] = calibration_curve(bins);
  if (counts.positives() > 0 && counts.positives() < rows) {
    const auto scores = scores_of(mine);
    const ScoreHistogram histogram = score_histogram(comm, scores);
    result.metrics["auc"] = exact_auc(comm, scores, histogram);
    result.curves["roc"] = roc_curve(histogram);
  }
  return result;
}

}  // namespace millrace
