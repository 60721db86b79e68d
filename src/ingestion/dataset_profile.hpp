// Statistics, exact quantiles and histograms of all columns of a new dataset.
#pragma once

#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Collective; equal on all ranks. `statistics`: one a column of the dataset's schema. Reads the numeric
// columns back from the stored shards, five passes over each batch of columns.
std::vector<ColumnProfile> profile_dataset(const Communicator& comm, const Dataset& dataset,
                                           std::vector<ColumnStatistics> statistics,
                                           const Workspace& workspace);

}  // namespace millrace
