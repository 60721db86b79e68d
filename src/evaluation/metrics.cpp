#include "evaluation/metrics.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "evaluation/task_metrics.hpp"

namespace millrace {

namespace {

// Whether larger is better, by metric.
const std::map<std::string, bool>& directions() {
  static const std::map<std::string, bool> kDirections{
      {"accuracy", true}, {"auc", true},       {"brier", false}, {"calibration_error", false},
      {"f1", true},       {"log_loss", false}, {"mae", false},   {"precision", true},
      {"r2", true},       {"recall", true},    {"rmse", false}};
  return kDirections;
}

bool is_class(float target, std::size_t classes) {
  return target >= 0 && target < static_cast<float>(classes) && target == std::trunc(target);
}

void check_shape(const ScoredShard& shard, std::uint32_t shards, const EvaluationOptions& options) {
  if (shard.shard >= shards) throw internal_error("scores of shard {} among {}", shard.shard, shards);
  if (shard.predictions.size() != shard.targets.size() * options.outputs) {
    throw internal_error("shard {}: {} predictions for {} targets with {} outputs each", shard.shard,
                         shard.predictions.size(), shard.targets.size(), options.outputs);
  }
}

void check_values(const ScoredShard& shard, const EvaluationOptions& options) {
  const auto broken = std::ranges::count_if(shard.predictions, [](float p) { return !std::isfinite(p); });
  if (broken > 0) {
    throw Error(Topic::kDiverged,
                "shard {}: {} predictions are infinite or no numbers: the training diverged; a lower "
                "training.learning_rate or a training.gradient_clip helps",
                shard.shard, broken);
  }
  if (options.task == Task::kRegression) return;
  const std::size_t classes = options.task == Task::kBinary ? 2 : options.outputs;
  const auto stray = std::ranges::find_if(shard.targets, [&](float t) { return !is_class(t, classes); });
  if (stray != shard.targets.end()) {
    throw internal_error("shard {}: target {} is none of {} classes", shard.shard, *stray, classes);
  }
}

std::uint64_t count_rows(const Communicator& comm, const std::vector<ScoredShard>& mine) {
  std::uint64_t rows = 0;
  for (const ScoredShard& shard : mine) rows += shard.targets.size();
  return comm.all_reduce(rows, Reduce::kSum);
}

Evaluation evaluate_rows(const Communicator& comm, const std::vector<ScoredShard>& mine, std::uint32_t shards,
                         const EvaluationOptions& options) {
  switch (options.task) {
    case Task::kBinary:
      return evaluate_binary(comm, mine, shards, options);
    case Task::kMulticlass:
      return evaluate_multiclass(comm, mine, shards, options);
    case Task::kRegression:
      break;
  }
  return evaluate_regression(comm, mine, shards, options);
}

}  // namespace

Evaluation evaluate(const Communicator& comm, const std::vector<ScoredShard>& mine, std::uint32_t shards,
                    const EvaluationOptions& options) {
  comm.agree([&] {
    for (const ScoredShard& shard : mine) {
      check_shape(shard, shards, options);
      check_values(shard, options);
    }
  });
  const std::uint64_t rows = count_rows(comm, mine);
  Evaluation result = rows == 0 ? Evaluation{} : evaluate_rows(comm, mine, shards, options);
  result.metrics["rows"] = static_cast<double>(rows);
  return result;
}

bool larger_is_better(const std::string& metric) {
  const auto found = directions().find(metric);
  if (found != directions().end()) return found->second;
  std::vector<std::string> names;
  for (const auto& entry : directions()) names.push_back(entry.first);
  throw Error(Topic::kUnknownName, "'{}' is no metric{}; there are {}", metric, suggestion(metric, names),
              join(names, ", "));
}

}  // namespace millrace
