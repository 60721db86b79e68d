#include "evaluation/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "evaluation/shard_sums.hpp"

namespace millrace {

namespace {

std::size_t bin_of(float probability, std::size_t bins) {
  const double position = static_cast<double>(probability) * static_cast<double>(bins);
  return std::min(static_cast<std::size_t>(std::max(0.0, position)), bins - 1);
}

struct CalibrationPoint {
  double mean;
  double share;
};

CalibrationPoint point_of(const CalibrationBin& bin) {
  const auto rows = static_cast<double>(bin.rows);
  return {bin.predicted / rows, static_cast<double>(bin.hits) / rows};
}

}  // namespace

std::vector<CalibrationBin> calibration_bins(const Communicator& comm, const std::vector<ScoredShard>& mine,
                                             std::uint32_t shards, std::size_t bins, const Judge& judge) {
  // Counts are exact as doubles: there are fewer than 2^53 rows.
  const auto add_bins = [&](const ScoredShard& shard, std::span<double> sums) {
    for (std::size_t row = 0; row < shard.targets.size(); ++row) {
      const Judged judged = judge(shard, row);
      const std::size_t bin = bin_of(judged.probability, bins);
      sums[bin] += judged.probability;
      sums[bins + bin] += judged.hit ? 1 : 0;
      sums[2 * bins + bin] += 1;
    }
  };
  const auto sums = sum_over_shards(comm, mine, shards, 3 * bins, add_bins);
  std::vector<CalibrationBin> result;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    result.push_back({sums[bin], static_cast<std::uint64_t>(sums[bins + bin]),
                      static_cast<std::uint64_t>(sums[2 * bins + bin])});
  }
  return result;
}

Json calibration_curve(const std::vector<CalibrationBin>& bins) {
  Json curve = Json::array();
  for (const CalibrationBin& bin : bins) {
    if (bin.rows == 0) continue;
    const auto [mean, share] = point_of(bin);
    curve.push_back({{"mean", mean}, {"share", share}, {"rows", bin.rows}});
  }
  return curve;
}

double calibration_error(const std::vector<CalibrationBin>& bins) {
  double error = 0;
  double rows = 0;
  for (const CalibrationBin& bin : bins) {
    if (bin.rows == 0) continue;
    const auto [mean, share] = point_of(bin);
    error += static_cast<double>(bin.rows) * std::abs(mean - share);
    rows += static_cast<double>(bin.rows);
  }
  return rows == 0 ? 0 : error / rows;
}

}  // namespace millrace
