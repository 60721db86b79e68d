#include "evaluation/curves.hpp"

namespace millrace {

namespace {

// A point is kept when the curve has gone this far since the last one, along both axes together: the whole
// way is 2 long, so that at most 198 lie between the ends.
constexpr double kStep = 2.0 / 198;

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

}  // namespace millrace
