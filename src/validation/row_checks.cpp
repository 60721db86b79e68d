#include "validation/row_checks.hpp"

#include <set>

#include "ingestion/ingest.hpp"

namespace millrace {

namespace {

std::vector<std::string> columns_of(std::span<const RowCheck> checks) {
  std::set<std::string> names;
  for (const RowCheck& check : checks) names.insert(check.column);
  return {names.begin(), names.end()};
}

void count_shard(const RowCheck& check, std::size_t shard, const DataShard& data,
                 const ShardPositions& positions, RowCounts& counts) {
  const Column& column = data.table[check.column];
  const RowTest is_unexpected = check.test(column);
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!check.of_missing_rows && !column.is_valid(row)) continue;
    ++counts.rows;
    if (!is_unexpected(row)) continue;
    ++counts.unexpected;
    if (counts.samples.size() < kMaxSamples) {
      counts.samples.push_back(positions.sample(shard, data, column, row));
    }
  }
}

}  // namespace

std::vector<RowCounts> count_unexpected(const Communicator& comm, const Dataset& dataset,
                                        const Workspace& workspace, std::span<const RowCheck> checks) {
  std::vector<RowCounts> counts(checks.size());
  if (checks.empty()) return counts;
  const ShardPositions positions(dataset);
  const std::vector<std::string> columns = columns_of(checks);
  comm.agree([&] {
    for (std::size_t shard = 0; shard < dataset.shards.size(); ++shard) {
      if (!owns_shard(comm, shard)) continue;
      const DataShard data = read_data_shard(workspace.object_path(dataset.shards[shard].object), columns);
      for (std::size_t i = 0; i < checks.size(); ++i)
        count_shard(checks[i], shard, data, positions, counts[i]);
    }
  });
  std::vector<std::uint64_t> sums;
  for (const RowCounts& count : counts) sums.insert(sums.end(), {count.rows, count.unexpected});
  comm.all_reduce(std::span(sums), Reduce::kSum);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    counts[i].rows = sums[2 * i];
    counts[i].unexpected = sums[2 * i + 1];
  }
  return counts;
}

}  // namespace millrace
