// The model of this run, put together from the stages' outputs.
#pragma once

#include "model/scorer.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

struct TrainedCandidate {
  FeatureSet features;
  Scorer scorer;
};

// Throws kResource where an object is missing or damaged.
TrainedCandidate load_candidate(const Workspace& workspace, const Outputs& outputs);

inline Digest output_digest(const Outputs& outputs, const char* stage, const char* key) {
  return Digest::from_hex(outputs.at(stage).at(key).get<std::string>());
}

}  // namespace millrace
