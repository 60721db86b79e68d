#include "pipeline/candidate.hpp"

#include "model/weights.hpp"

namespace millrace {

Candidate load_candidate(const Workspace& workspace, const Outputs& outputs) {
  FeatureSet features = read_feature_set(workspace, output_digest(outputs, "features", "features"));
  Scorer scorer(features.plan,
                read_weights(workspace.object_path(output_digest(outputs, "train", "weights"))));
  return {std::move(features), std::move(scorer)};
}

}  // namespace millrace
