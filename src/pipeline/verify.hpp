// Whether what a stage builds on is there, and is what its name says: a bit that a disk has flipped ends the
// run with a message instead of going into a model.
#pragma once

#include "pipeline/dataset_reader.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

// Collective; each rank reads its share of the shards, and each shard once in the life of the process. Throws
// kResource naming the damaged or missing object and what to do.
void verify_dataset(const StageContext& context, const DatasetReader& reader);
void verify_features(const StageContext& context, const FeatureSet& set);

// Whether the objects are in place, by name alone. Root only.
bool has_dataset(const Workspace& workspace, const Digest& version);
bool has_features(const Workspace& workspace, const Digest& version);

}  // namespace millrace
