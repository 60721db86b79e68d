// A plan that goes on: what it does stays as it is, and its categories learn new levels.
#pragma once

#include "features/plan.hpp"

namespace millrace {

// `base` with the levels that `fresh` (fitted on other rows, for the same columns) has besides, behind its
// own: so what base's model has learned of its inputs still holds. Dimensions stay as they are.
FeaturePlan extend_plan(FeaturePlan base, const FeaturePlan& fresh);

}  // namespace millrace
