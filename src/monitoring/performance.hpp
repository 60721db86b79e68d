// What late labels say of a model: how good it was on the rows whose truth is known by now.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "comm/communicator.hpp"
#include "config/monitoring_config.hpp"
#include "drift/column_drift.hpp"
#include "evaluation/metrics.hpp"
#include "monitoring/reference.hpp"

namespace millrace {

struct Performance {
  std::uint64_t rows = 0;  // whose label is known
  std::string metric;
  double value = 0;
  double before = 0;    // on the test rows
  double fall = 0;      // how much worse: of errors with a unit as a share of the one before
  bool is_sure = true;  // that it is worse at all: the 95 % interval of the difference says so
  std::optional<double> calibration_error;  // of classes
  double calibration_rise = 0;
  std::map<std::string, double> metrics;
  DriftLevel level = DriftLevel::kNone;
  std::string cause;
};

// A fall has a level only where it is sure: the intervals of both samples (of the bootstrap) are taken
// together as those of `deploy abtest` are.
//
// Collective: `mine` are this rank's rows, `shards` in all. Nothing where there are fewer than
// monitoring.min_rows, or the metric is not defined on them or was not on the test rows. Throws kUsage for a
// metric that the model's task does not have.
std::optional<Performance> measure_performance(const Communicator& comm, const std::vector<ScoredShard>& mine,
                                               std::uint32_t shards, const MonitoredModel& model,
                                               const MonitoringConfig& monitoring);

}  // namespace millrace
