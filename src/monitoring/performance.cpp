#include "monitoring/performance.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "deployment/abtest.hpp"
#include "evaluation/bootstrap.hpp"

namespace millrace {

namespace {

constexpr std::uint32_t kPerformanceResamples = 1000;

std::string metric_for(const MonitoringConfig& monitoring, const std::string& task) {
  if (!monitoring.performance.metric.empty()) return monitoring.performance.metric;
  if (task == "regression") return "rmse";
  return task == "binary" ? "auc" : "accuracy";
}

std::optional<double> found(const std::map<std::string, double>& metrics, const std::string& name) {
  const auto metric = metrics.find(name);
  return metric == metrics.end() ? std::nullopt : std::optional(metric->second);
}

double fall_of(const std::string& metric, double before, double now) {
  const double worse = larger_is_better(metric) ? before - now : now - before;
  const bool has_unit = metric == "rmse" || metric == "mae";
  return has_unit && before > 0 ? worse / before : worse;
}

// Whether now is worse than before, by the interval of the difference; of metrics without intervals always.
bool is_surely_worse(const Performance& performance, const Reference& reference, const Bootstrap& bootstrap) {
  const auto before = reference.intervals.find(performance.metric);
  const auto now = bootstrap.intervals.find(performance.metric);
  if (before == reference.intervals.end() || now == bootstrap.intervals.end()) return true;
  const Estimate difference =
      difference_between({performance.value, now->second.first, now->second.second},
                         {performance.before, before->second.first, before->second.second});
  return larger_is_better(performance.metric) ? difference.high < 0 : difference.low > 0;
}

void find_performance_level(Performance& performance, const MonitoringConfig& monitoring) {
  const PerformanceRule& rule = monitoring.performance;
  if (performance.is_sure)
    performance.level = level_of(performance.fall, {rule.warn, rule.alert, rule.retrain});
  if (performance.level != DriftLevel::kNone)
    performance.cause =
        fmt::format("{} {:.4f}, {:.4f} before", performance.metric, performance.value, performance.before);
  const DriftLevel calibration = level_of(performance.calibration_rise, monitoring.calibration);
  if (calibration <= performance.level) return;
  performance.level = calibration;
  performance.cause = fmt::format("calibration error {:.4f}, {:.4f} before", *performance.calibration_error,
                                  *performance.calibration_error - performance.calibration_rise);
}

}  // namespace

std::optional<Performance> measure_performance(const Communicator& comm, const std::vector<ScoredShard>& mine,
                                               std::uint32_t shards, const MonitoredModel& model,
                                               const MonitoringConfig& monitoring) {
  std::uint64_t rows = 0;
  for (const ScoredShard& shard : mine) rows += shard.targets.size();
  rows = comm.all_reduce(rows, Reduce::kSum);
  if (rows < std::max<std::uint64_t>(monitoring.min_rows, 1)) return std::nullopt;
  EvaluationOptions options;
  options.task = parse_task(model.artifact.scorer.plan().target.task);
  options.outputs = model.artifact.scorer.outputs();
  Performance performance;
  performance.metric = metric_for(monitoring, model.artifact.scorer.plan().target.task);
  performance.rows = rows;
  performance.metrics = evaluate(comm, mine, shards, options).metrics;
  const auto now = found(performance.metrics, performance.metric);
  const auto before = found(model.reference.metrics, performance.metric);
  if (!now || !before) return std::nullopt;
  performance.value = *now;
  performance.before = *before;
  performance.fall = fall_of(performance.metric, *before, *now);
  performance.is_sure = is_surely_worse(
      performance, model.reference, bootstrap_metrics(comm, mine, shards, options, kPerformanceResamples));
  performance.calibration_error = found(performance.metrics, "calibration_error");
  if (const auto earlier = found(model.reference.metrics, "calibration_error");
      earlier && performance.calibration_error)
    performance.calibration_rise = *performance.calibration_error - *earlier;
  find_performance_level(performance, monitoring);
  return performance;
}

}  // namespace millrace
