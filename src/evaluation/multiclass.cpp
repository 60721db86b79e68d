#include "evaluation/calibration.hpp"
#include "evaluation/shard_sums.hpp"
#include "evaluation/task_metrics.hpp"

namespace millrace {

namespace {

struct ClassCounts {
  std::uint64_t hits = 0;
  std::uint64_t predicted = 0;
  std::uint64_t actual = 0;
};

std::span<const float> probabilities_of(const ScoredShard& shard, std::size_t row, std::size_t classes) {
  return std::span(shard.predictions).subspan(row * classes, classes);
}

std::vector<ClassCounts> count_classes(const Communicator& comm, const std::vector<ScoredShard>& mine,
                                       std::size_t classes) {
  std::vector<std::uint64_t> counts(3 * classes);  // hits, predicted, actual of each class
  for (const ScoredShard& shard : mine) {
    for (std::size_t row = 0; row < shard.targets.size(); ++row) {
      const auto actual = static_cast<std::size_t>(shard.targets[row]);
      const std::size_t predicted = likeliest(probabilities_of(shard, row, classes));
      counts[3 * actual] += predicted == actual ? 1 : 0;
      ++counts[3 * predicted + 1];
      ++counts[3 * actual + 2];
    }
  }
  comm.all_reduce(std::span(counts), Reduce::kSum);
  std::vector<ClassCounts> result;
  for (std::size_t c = 0; c < counts.size(); c += 3) {
    result.push_back({counts[c], counts[c + 1], counts[c + 2]});
  }
  return result;
}

// The mean over the classes that occur, as targets or as predictions.
double macro_f1(const std::vector<ClassCounts>& classes) {
  double sum = 0;
  std::size_t occurring = 0;
  for (const ClassCounts& counts : classes) {
    sum += ratio(2 * counts.hits, counts.predicted + counts.actual);
    occurring += counts.predicted + counts.actual > 0 ? 1 : 0;
  }
  return sum / static_cast<double>(occurring);
}

}  // namespace

Evaluation evaluate_multiclass(const Communicator& comm, const std::vector<ScoredShard>& mine,
                               std::uint32_t shards, const EvaluationOptions& options) {
  const auto add_losses = [&](const ScoredShard& shard, std::span<double> sums) {
    for (std::size_t row = 0; row < shard.targets.size(); ++row) {
      const auto actual = static_cast<std::size_t>(shard.targets[row]);
      const auto probabilities = probabilities_of(shard, row, options.outputs);
      sums[0] += clipped_log_loss(probabilities[actual]);
      sums[1] += brier_score(probabilities, actual);
    }
  };
  const auto losses = sum_over_shards(comm, mine, shards, 2, add_losses);
  const auto judge_likeliest = [&](const ScoredShard& shard, std::size_t row) -> Judged {
    const auto probabilities = probabilities_of(shard, row, options.outputs);
    const std::size_t predicted = likeliest(probabilities);
    return {probabilities[predicted], shard.targets[row] == static_cast<float>(predicted)};
  };
  const auto bins = calibration_bins(comm, mine, shards, options.calibration_bins, judge_likeliest);
  const auto classes = count_classes(comm, mine, options.outputs);
  std::uint64_t rows = 0;
  std::uint64_t hits = 0;
  for (const ClassCounts& counts : classes) {
    rows += counts.actual;
    hits += counts.hits;
  }
  Evaluation result;
  result.metrics = {{"accuracy", ratio(hits, rows)},
                    {"log_loss", losses[0] / static_cast<double>(rows)},
                    {"brier", losses[1] / static_cast<double>(rows)},
                    {"calibration_error", calibration_error(bins)},
                    {"f1", macro_f1(classes)}};
  result.curves["calibration"] = calibration_curve(bins);
  return result;
}

}  // namespace millrace
