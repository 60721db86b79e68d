// Reasons for predictions by occlusion: each column in turn is taken for missing, and the prediction made
// again. What it changes by is the column's contribution (M. Zeiler, R. Fergus, "Visualizing and
// understanding convolutional networks", ECCV 2014, sec. 4.2, for columns instead of patches). Internal to
// serving/.
#pragma once

#include <cstdint>
#include <vector>

#include "serving/protocol/rows.hpp"

namespace millrace {

// For each row of memory.table, whose predictions are there, the `count` columns that contribute most, the
// largest contribution first, whichever its sign. Takes as many predictions as there are columns.
std::vector<std::vector<Reason>> find_reasons(const ServedModel& model, const ScoringMemory& memory,
                                              std::uint64_t count);

}  // namespace millrace
