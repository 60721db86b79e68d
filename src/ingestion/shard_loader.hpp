// One shard's piece of a source → a data shard among the workspace's objects, its statistics and its rejects.
#pragma once

#include <string>
#include <vector>

#include "config/pipeline_config.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/rejects.hpp"
#include "ingestion/shard_plan.hpp"
#include "statistics/column_statistics.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct LoadedShard {
  ShardEntry entry;  // without an object where the piece holds no record
  std::uint64_t reject_count = 0;
  std::vector<Reject> rejects;  // the first of them
  std::vector<ColumnStatistics> statistics;
};

// Local work, for one rank; its threads share the piece's blocks. Keeps at most `keep_rejects` rejects.
LoadedShard load_shard(const std::string& path, const SourceFile& source, const ShardPiece& piece,
                       const DataConfig& config, const CsvDialect& dialect, const Layout& layout,
                       const Schema& schema, std::size_t keep_rejects, std::size_t threads,
                       const Workspace& workspace);

}  // namespace millrace
