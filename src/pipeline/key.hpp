// Keys are causes: a stage's key with the parts it is made of, and what differs between two of them.
#pragma once

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

struct StageKey {
  Json parts;  // {"stage", "numerics", "settings", "inputs"}
  Digest digest;
};

// Collective.
StageKey stage_key(const Stage& stage, const StageContext& context, const Outputs& outputs);

// One line for each leaf that differs: "settings.training.epochs: 50 → 10".
std::vector<std::string> key_differences(const Json& before, const Json& now);

}  // namespace millrace
