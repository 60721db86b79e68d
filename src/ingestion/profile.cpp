#include "ingestion/profile.hpp"

#include "ingestion/ingest.hpp"
#include "ingestion/merge_statistics.hpp"

namespace millrace {

std::map<std::string, ColumnStatistics> column_statistics(const Communicator& comm, std::size_t shards,
                                                          const Schema& schema, const ShardSource& source,
                                                          const RowFilter& filter) {
  ShardStatistics parts;
  comm.agree([&] {
    for (std::size_t i = 0; i < shards; ++i) {
      if (!owns_shard(comm, i)) continue;
      const DataShard data = source(i);
      const std::vector<std::uint8_t> keep = filter ? filter(i, data) : std::vector<std::uint8_t>();
      std::vector<ColumnStatistics> columns;
      for (const Field& field : schema) columns.emplace_back(field.type).add(data.table[field.name], keep);
      parts.add(i, std::move(columns));
    }
  });
  const std::vector<ColumnStatistics> merged = merge_over_shards(comm, schema, std::move(parts));
  std::map<std::string, ColumnStatistics> by_name;
  for (std::size_t i = 0; i < schema.size(); ++i) by_name.emplace(schema[i].name, merged[i]);
  return by_name;
}

}  // namespace millrace
