// Fits the feature plan on the training rows and writes the feature shards of every part.
#pragma once

#include "pipeline/dataset_reader.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

// Collective; equal on all ranks, for any number of ranks. Throws as fit_target() and Expression::compile()
// do. With the version of a model that is to go on (`before`, of equal settings), its plan is extended, only
// rows of the window of retrain count, and feature shards that would come out as they did are its own.
FeatureSet build_features(const StageContext& context, const DatasetReader& reader, const Digest& dataset,
                          const FeatureSet* before = nullptr);

}  // namespace millrace
