// Metrics of the test rows by the values of a few columns: where the model is worse than the average says.
#pragma once

#include "pipeline/scoring.hpp"

namespace millrace {

inline constexpr std::size_t kSegmentValues = 12;  // of a column; rows with rarer values are one segment
inline constexpr std::size_t kSegmentColumns = 8;  // that are taken where evaluation.segments names none

// [{"column", "value", "metrics"}, …] of the segments that have rows, by column and then by how frequent the
// value is in the data; "value" is null for missing values, and absent ("others": true) for the rarer ones.
// Of evaluation.segments, or else of the plan's input columns that are texts or booleans with few values.
// Collective; equal on all ranks. Throws kUsage for a column that the data does not have.
Json evaluate_segments(const StageContext& context, const FeatureSet& set, const ScoredPart& scored);

}  // namespace millrace
