// Statistics of shards that lie on different ranks → statistics of whole columns on all ranks.
#pragma once

#include <map>
#include <vector>

#include "comm/communicator.hpp"
#include "statistics/column_statistics.hpp"
#include "table/schema.hpp"

namespace millrace {

// For each shard of this rank, one a column.
using ShardStatistics = std::map<std::size_t, std::vector<ColumnStatistics>>;

// Collective; equal on all ranks. Each column's parts travel to the rank that owns the column, which merges
// them in shard order by merge_tree(); so no rank holds all columns of all shards. Distinct counts, whose
// merging is order-free, are merged on each rank first.
std::vector<ColumnStatistics> merge_over_shards(const Communicator& comm, const Schema& schema,
                                                ShardStatistics parts);

}  // namespace millrace
