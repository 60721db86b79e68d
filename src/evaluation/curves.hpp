// Private to evaluation/: the curves that the report draws.
#pragma once

#include "base/json.hpp"
#include "evaluation/score_order.hpp"

namespace millrace {

// [[fpr, tpr], …] from (0, 0) to (1, 1), at most 200 points; both classes must occur. Thresholds lie between
// the histogram's bins, so the curve is a drawing of the exact one, within one bin of it.
Json roc_curve(const ScoreHistogram& histogram);

}  // namespace millrace
