// Golden rows: raw rows of the data with the predictions that the candidate gives for them.
#pragma once

#include "packaging/artifact.hpp"
#include "pipeline/candidate.hpp"

namespace millrace {

// The first `count` test rows (training rows where there are no test rows) as JSON, scored by the candidate.
// Reads shards until it has enough. Throws kResource.
GoldenRows make_golden_rows(const StageContext& context, const TrainedCandidate& candidate,
                            const RowSplit& split, std::size_t count);

}  // namespace millrace
