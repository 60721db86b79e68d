// One piece of a source → a data shard among the workspace's objects, its statistics and its rejects.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "ingestion/dataset.hpp"
#include "ingestion/rejects.hpp"
#include "ingestion/source_reader.hpp"
#include "statistics/column_statistics.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct LoadedShard {
  ShardEntry entry;  // without an object where the piece holds no record
  RejectCounts reject_counts;
  std::vector<Reject> rejects;  // the first of them
  std::vector<ColumnStatistics> statistics;
};

// What the shards of a source are made with.
struct ShardLoading {
  const SourceReader& reader;
  const std::vector<SourceFile>& sources;
  const Workspace& workspace;
  std::size_t threads = 1;
};

// Local work, for one rank: loads the pieces whose numbers are `mine`, and hands each on, in order. Threads
// share their blocks, while one more thread writes the shard before. Keeps at most `keep_rejects` rejects in
// all. Returns what all values of the pieces say of types, by the numbers of their files; once that refutes a
// guessed one, no more shards are made.
std::map<std::size_t, std::vector<Evidence>> load_shards(
    const ShardLoading& in, const std::vector<std::size_t>& mine, std::size_t keep_rejects,
    const std::function<void(std::size_t piece, LoadedShard&&)>& take);

}  // namespace millrace
