// Private to evaluation/: the curves that the report draws.
#pragma once

#include <cstdint>
#include <vector>

#include "base/json.hpp"
#include "evaluation/score_order.hpp"

namespace millrace {

// [[fpr, tpr], …] from (0, 0) to (1, 1), at most 200 points; both classes must occur. Thresholds lie between
// the histogram's bins, so the curve is a drawing of the exact one, within one bin of it.
Json roc_curve(const ScoreHistogram& histogram);

// Rows by predicted probability, in bins of equal width over [0, 1].
struct CalibrationBin {
  double predicted = 0;  // sum of the predicted probabilities
  std::uint64_t positives = 0;
  std::uint64_t rows = 0;
};

// [{"mean": predicted, "share": of positive rows, "rows": n}, …] of the bins that have rows.
Json calibration_curve(const std::vector<CalibrationBin>& bins);

// Expected calibration error: Σ rows·|mean − share| / Σ rows. C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On
// calibration of modern neural networks", ICML 2017, eq. 3, with the probability of the positive class.
double calibration_error(const std::vector<CalibrationBin>& bins);

}  // namespace millrace
