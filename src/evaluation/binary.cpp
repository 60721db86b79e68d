#include <array>

#include "evaluation/auc.hpp"
#include "evaluation/curves.hpp"
#include "evaluation/shard_sums.hpp"
#include "evaluation/task_metrics.hpp"

namespace millrace {

namespace {

std::size_t calibration_bin(float probability, std::size_t bins) {
  const double position = static_cast<double>(probability) * static_cast<double>(bins);
  return std::min(static_cast<std::size_t>(std::max(0.0, position)), bins - 1);
}

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

// The loss in the first sum, then the probabilities by calibration bin.
void add_sums(const ScoredShard& shard, std::span<double> sums) {
  const auto predicted = sums.subspan(1);
  for (std::size_t row = 0; row < shard.targets.size(); ++row) {
    const double probability = shard.predictions[row];
    sums[0] += clipped_log_loss(shard.targets[row] != 0 ? probability : 1 - probability);
    predicted[calibration_bin(shard.predictions[row], predicted.size())] += probability;
  }
}

std::vector<CalibrationBin> calibration(const Communicator& comm, const std::vector<ScoredShard>& mine,
                                        std::span<const double> predicted) {
  const std::size_t bins = predicted.size();
  std::vector<std::uint64_t> counts(2 * bins);  // rows, then positive rows
  for (const ScoredShard& shard : mine) {
    for (std::size_t row = 0; row < shard.targets.size(); ++row) {
      const std::size_t bin = calibration_bin(shard.predictions[row], bins);
      ++counts[bin];
      counts[bins + bin] += shard.targets[row] != 0 ? 1 : 0;
    }
  }
  comm.all_reduce(std::span(counts), Reduce::kSum);
  std::vector<CalibrationBin> result;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    result.push_back({predicted[bin], counts[bins + bin], counts[bin]});
  }
  return result;
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
  const auto sums = sum_over_shards(comm, mine, shards, 1 + options.calibration_bins, add_sums);
  const auto bins = calibration(comm, mine, std::span(sums).subspan(1));

  Evaluation result;
  result.metrics = {{"log_loss", sums[0] / static_cast<double>(rows)},
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
