#include "evaluation/curves.hpp"

#include <cmath>

namespace millrace {

namespace {

// A point is kept when the curve has gone this far since the last one, along both axes together: the whole
// way is 2 long, so that at most 198 lie between the ends.
constexpr double kStep = 2.0 / 198;

struct CalibrationPoint {
  double mean;
  double share;
};

CalibrationPoint point_of(const CalibrationBin& bin) {
  const auto rows = static_cast<double>(bin.rows);
  return {bin.predicted / rows, static_cast<double>(bin.positives) / rows};
}

}  // namespace

Json roc_curve(const ScoreHistogram& histogram) {
  const auto all_negatives = static_cast<double>(histogram.negative_rows());
  const auto all_positives = static_cast<double>(histogram.positive_rows());
  Json curve = Json::array({{0.0, 0.0}});
  std::uint64_t negatives = 0;
  std::uint64_t positives = 0;
  double last = 0;
  for (std::size_t bin = ScoreHistogram::kBins; bin-- > 0;) {
    negatives += histogram.negatives[bin];
    positives += histogram.positives[bin];
    const double false_rate = static_cast<double>(negatives) / all_negatives;
    const double true_rate = static_cast<double>(positives) / all_positives;
    if (false_rate + true_rate < last + kStep || false_rate + true_rate >= 2) continue;
    curve.push_back({false_rate, true_rate});
    last = false_rate + true_rate;
  }
  curve.push_back({1.0, 1.0});
  return curve;
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
