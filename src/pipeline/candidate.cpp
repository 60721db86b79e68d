#include "pipeline/candidate.hpp"

#include "model/weights.hpp"

namespace millrace {

TrainedCandidate load_candidate(const Workspace& workspace, const Outputs& outputs) {
  FeatureSet features = read_feature_set(workspace, output_digest(outputs, "features", "features"));
  const Digest weights = output_digest(outputs, "train", "weights");
  Scorer scorer(features.plan, read_weights_bytes(workspace.get_object(weights), weights.brief()));
  return {std::move(features), std::move(scorer)};
}

}  // namespace millrace
