// The feature plan that a dataset's training rows give.
#pragma once

#include <vector>

#include "features/plan.hpp"
#include "pipeline/dataset_reader.hpp"
#include "pipeline/split.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

// Collective both; equal on all ranks, for any number of ranks. Of each shard only the columns that count are
// read.

// Throws as fit_target() and fit_plan() do.
FeaturePlan fit_training_plan(const StageContext& context, const DatasetReader& reader,
                              const RowSplit& split);

// `base` with the new levels of the training rows of these shards.
FeaturePlan extend_training_plan(const StageContext& context, const DatasetReader& reader,
                                 const RowSplit& split, const std::vector<std::size_t>& shards,
                                 const FeaturePlan& base);

}  // namespace millrace
