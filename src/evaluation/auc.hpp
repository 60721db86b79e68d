// Private to evaluation/: the exact area under the ROC curve where the histogram is there already.
#pragma once

#include <vector>

#include "evaluation/score_order.hpp"

namespace millrace {

// exact_auc() of metrics.hpp; `histogram` is score_histogram() of the same rows. Collective.
double exact_auc(const Communicator& comm, const std::vector<LabelledScores>& mine,
                 const ScoreHistogram& histogram);

// Ranges of scores, ascending with the rank, with about the same number of rows each: the rank of each bin.
std::vector<int> score_owners(const ScoreHistogram& histogram, int ranks);

}  // namespace millrace
