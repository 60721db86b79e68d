// Statistics of shards that lie on different ranks → statistics of whole columns on all ranks.
#pragma once

#include <map>
#include <vector>

#include "comm/communicator.hpp"
#include "statistics/column_statistics.hpp"
#include "table/schema.hpp"

namespace millrace {

// Of some shards, one a column. Distinct counts, whose merging is order-free, are merged as they come: they
// may be large, and a rank may have any number of shards.
class ShardStatistics {
 public:
  void add(std::size_t shard, std::vector<ColumnStatistics> columns);

 private:
  friend struct ColumnParts;
  std::map<std::size_t, std::vector<ColumnStatistics>> by_shard_;  // without their distinct counts
  std::vector<DistinctCounter> distinct_;                          // by column
};

// Collective; equal on all ranks. Each column's parts travel to the rank that owns the column, which merges
// them in shard order by merge_tree(); so no rank holds all columns of all shards.
std::vector<ColumnStatistics> merge_over_shards(const Communicator& comm, const Schema& schema,
                                                ShardStatistics parts);

}  // namespace millrace
