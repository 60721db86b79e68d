// How far test metrics may be off by the choice of the test rows: percentile intervals of a bootstrap. B.
// Efron, R. Tibshirani, "An Introduction to the Bootstrap", Chapman & Hall 1993, ch. 13.
//
// Rows lie on many ranks, so a resample does not draw rows: each row takes part in it W times, with W from
// Poisson(1), a function of (resample, shard, row) alone. N. Chamandy, O. Muralidharan, A. Najmi, S. Naidu,
// "Estimating uncertainty for massive data streams", Google 2012. So intervals do not depend on the number of
// ranks.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/metrics.hpp"

namespace millrace {

inline constexpr double kConfidence = 0.95;

struct Bootstrap {
  std::uint32_t resamples = 0;
  std::map<std::string, std::pair<double, double>> intervals;  // metric → low, high
};
// {"resamples", "confidence", "intervals": {metric: [low, high]}}
void to_json(Json& json, const Bootstrap& bootstrap);

// Of all metrics of the task but rows, calibration_error, positive_share and the f1 of many classes; one that
// is undefined on more than half of the resamples has no interval. Takes fewer resamples than are `wanted`
// where rows × resamples would be beyond 2^29, but at least 100 of them. Collective; equal on all ranks.
// The shards are as for evaluate(), which has checked them.
Bootstrap bootstrap_metrics(const Communicator& comm, const std::vector<ScoredShard>& mine,
                            std::uint32_t shards, const EvaluationOptions& options, std::uint32_t wanted);

}  // namespace millrace
