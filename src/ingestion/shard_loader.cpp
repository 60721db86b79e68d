#include "ingestion/shard_loader.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>

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
std::vector<ColumnStatistics> statistics_of(const Table& table) {
  std::vector<ColumnStatistics> statistics;
  for (const Column& column : table.columns) statistics.emplace_back(column.type).add(column);
  return statistics;
}

LoadedShard finish(const ShardLoading& in, const ShardPiece& piece, ShardBuilder builder) {
  LoadedShard loaded;
  loaded.entry = {
      {}, builder.shard().records.size(), builder.record_count(), piece.source, piece.range.begin};
  loaded.reject_counts = builder.reject_counts();
  loaded.rejects = std::move(builder.rejects());
  if (loaded.entry.records == 0) return loaded;
  const Reading& reading = in.reading;
  reading.layout.partitions.append_to(builder.table(), piece.source);
  loaded.entry.object = publish_shard(builder.shard(), reading.sources[piece.source], piece, in.workspace);
  loaded.statistics = statistics_of(builder.shard().table);
  return loaded;
}

// Puts shards together from blocks that come in order, and has each written by a thread while the next one
// grows. HDF5 is used by one thread at a time: a shard is begun to be written when the one before has been.
class ShardAssembly {
 public:
  ShardAssembly(const ShardLoading& in, std::size_t keep_rejects,
                const std::function<void(std::size_t, LoadedShard&&)>& take)
      : in_(&in), keep_rejects_(keep_rejects), take_(&take) {}

  void append(const BlockOfPiece& at, LoadedBlock&& block) {
    const ShardPiece& piece = in_->reading.pieces[at.piece];
    if (at.block == 0) builder_.emplace(in_->schema, piece.blocks.size());
    builder_->append(std::move(block), keep_rejects_);
    if (at.block + 1 < piece.blocks.size()) return;
    builder_->close();
    take_written();
    written_piece_ = at.piece;
    written_ =
        std::async(std::launch::async, finish, std::cref(*in_), std::cref(piece), std::move(*builder_));
  }

  void take_written() {
    if (!written_.valid()) return;
    LoadedShard loaded = written_.get();
    keep_rejects_ -= std::min(keep_rejects_, loaded.rejects.size());
    (*take_)(written_piece_, std::move(loaded));
  }

 private:
  const ShardLoading* in_;
  std::size_t keep_rejects_;
  const std::function<void(std::size_t, LoadedShard&&)>* take_;
  std::optional<ShardBuilder> builder_;
  std::size_t written_piece_ = 0;
  std::future<LoadedShard> written_;
};

LoadedBlock load(const ShardLoading& in, const BlockOfPiece& at, std::size_t keep_rejects) {
  const Reading& reading = in.reading;
  const ShardPiece& piece = reading.pieces[at.piece];
  const ReadableFile file = open_source(reading.paths[piece.source], reading.sources[piece.source]);
  return load_block(file, piece.blocks[at.block], at.piece, reading.layout.header_offsets[piece.source],
                    reading.config, reading.dialect, reading.layout, in.schema, keep_rejects);
}

}  // namespace

std::vector<Evidence> load_shards(const ShardLoading& in, const std::vector<std::size_t>& mine,
                                  std::size_t keep_rejects,
                                  const std::function<void(std::size_t piece, LoadedShard&&)>& take) {
  const std::vector<BlockOfPiece> blocks = blocks_of(in.reading.pieces, mine);
  ShardAssembly assembly(in, keep_rejects, take);
  std::vector<Evidence> evidence;
  std::atomic<bool> refuted{false};
  ordered_parallel(
      blocks.size(), in.threads,
      [&](std::size_t i) {
        if (refuted) return LoadedBlock{{}, {}, 0, {}, {}, observe_block(in.reading, blocks[i])};
        return load(in, blocks[i], keep_rejects);
      },
      [&](std::size_t i, LoadedBlock&& block) {
        merge_into(evidence, block.evidence);
        refuted = refuted || refutes(evidence, in.reading.layout, in.schema);
        if (!refuted) assembly.append(blocks[i], std::move(block));
      });
  assembly.take_written();
  return evidence;
}

}  // namespace millrace
