#include "ingestion/shard_loader.hpp"

#include "base/parallel.hpp"
#include "base/publish.hpp"
#include "ingestion/shard_builder.hpp"
#include "storage/data_shard.hpp"

namespace millrace {

namespace {

Digest publish_shard(const DataShard& shard, const SourceFile& source, const ShardPiece& piece,
                     const Workspace& workspace) {
  PendingFile file(workspace.temporary_folder() + "/data-shard");
  write_data_shard(file.temporary_path(), shard,
                   {{"source", source.name},
                    {"source_sha256", source.digest.hex()},
                    {"first_byte", piece.range.begin},
                    {"end_byte", piece.range.end}});
  return workspace.put_object(file);
}

// Each column as a whole: the last bits of its moments do not depend on blocks and threads.
std::vector<ColumnStatistics> statistics_of(const Table& table, std::size_t threads) {
  std::vector<ColumnStatistics> statistics;
  ordered_parallel(
      table.columns.size(), threads,
      [&](std::size_t i) {
        ColumnStatistics of_column(table.columns[i].type);
        of_column.add(table.columns[i]);
        return of_column;
      },
      [&](std::size_t, ColumnStatistics&& of_column) { statistics.push_back(std::move(of_column)); });
  return statistics;
}

}  // namespace

LoadedShard load_shard(const std::string& path, const SourceFile& source, const ShardPiece& piece,
                       const DataConfig& config, const CsvDialect& dialect, const Layout& layout,
                       const Schema& schema, std::size_t keep_rejects, std::size_t threads,
                       const Workspace& workspace) {
  const ReadableFile file = open_source(path, source);
  const std::uint64_t header_offset = layout.header_offsets[piece.source];
  ShardBuilder builder(schema, piece.blocks.size());
  ordered_parallel(
      piece.blocks.size(), threads,
      [&](std::size_t i) {
        return load_block(file, piece.blocks[i], header_offset, config, dialect, layout, schema,
                          keep_rejects);
      },
      [&](std::size_t, LoadedBlock&& block) { builder.append(std::move(block), keep_rejects); });
  LoadedShard loaded{{{}, 0, builder.record_count(), piece.source, piece.range.begin},
                     builder.reject_count(),
                     std::move(builder.rejects()),
                     {}};
  if (loaded.entry.records == 0) return loaded;
  const DataShard& shard = builder.shard();
  loaded.entry.rows = shard.records.size();
  loaded.entry.object = publish_shard(shard, source, piece, workspace);
  loaded.statistics = statistics_of(shard.table, threads);
  return loaded;
}

}  // namespace millrace
