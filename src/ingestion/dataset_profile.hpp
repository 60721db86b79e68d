// Statistics, exact quantiles and histograms of all columns of a new dataset.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct DatasetProfile {
  std::vector<ColumnProfile> columns;  // one a column of the schema
  std::map<std::string, std::uint64_t>
      read;  // columns whose values are not all counted: shards read for them
};

// Collective; equal on all ranks. `statistics`: one a column of the dataset's schema. Columns whose values
// are not all counted take one pass over their stored shards (bucketed_numbers.hpp), and more of them only
// where that finds more values than memory should hold. With `keep`, what a shard's pass has found is kept,
// and taken over where it was (kept_values.hpp).
DatasetProfile profile_dataset(const Communicator& comm, const Dataset& dataset,
                               std::vector<ColumnStatistics> statistics, const Workspace& workspace,
                               bool keep);

}  // namespace millrace
