// Targets as people mean them.
#pragma once

#include "features/plan.hpp"

namespace millrace {

// The plan scales regression targets; metrics are in the target's own units. Classes stay as they are.
inline float in_target_units(const TargetPlan& target, float value) {
  if (target.task != "regression") return value;
  return static_cast<float>(target.mean + target.deviation * static_cast<double>(value));
}

}  // namespace millrace
