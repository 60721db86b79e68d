// How a model's predictions are distributed: what those of later data are compared with.
#pragma once

#include "features/plan.hpp"
#include "pipeline/column_profile.hpp"
#include "pipeline/scoring.hpp"

namespace millrace {

// As profile_columns(): a real column an output, named by its class ("value" for numbers), and for classes
// the text column "class" of the one that each row is given. Collective. Distributions of numbers have at
// most kReferenceGaps gaps, so that they fit into the evaluation.
ColumnProfiles profile_predictions(const Communicator& comm, const ScoredPart& scored,
                                   const TargetPlan& target);

}  // namespace millrace
