// Fits the feature plan on the training rows and writes the feature shards of every part.
#pragma once

#include "pipeline/dataset_reader.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

// Collective; equal on all ranks, for any number of ranks. Throws as fit_target() and Expression::compile()
// do. With the plan of a model that is to go on (`base`), that plan is extended, and only rows of the window
// of retrain count.
FeatureSet build_features(const StageContext& context, const DatasetReader& reader, const Digest& dataset,
                          const FeaturePlan* base = nullptr);

}  // namespace millrace
