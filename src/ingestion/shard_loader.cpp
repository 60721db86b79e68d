#include "ingestion/shard_loader.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <optional>

#include "base/parallel.hpp"
#include "base/publish.hpp"
#include "ingestion/shard_builder.hpp"
#include "storage/data_shard.hpp"
#include "storage/hdf5_table.hpp"

namespace millrace {

namespace {

Json provenance_of(const ShardLoading& in, const RowPiece& piece) {
  const SourceFile& source = in.sources[piece.source];
  const std::string& unit = in.reader.plan().unit;
  return {{"source", source.name},
          {"source_sha256", source.digest.hex()},
          {"first_" + unit, piece.begin},
          {"end_" + unit, piece.end}};
}

Digest publish_shard(const ShardLoading& in, const RowPiece& piece, const DataShard& shard) {
  PendingFile file(in.workspace.temporary_folder() + "/data-shard");
  {
    const std::scoped_lock alone(hdf5::library_mutex());  // other threads may be reading a source
    write_data_shard(file.temporary_path(), shard, provenance_of(in, piece));
  }
  return in.workspace.put_object(file);
}

// Each column as a whole: the last bits of its moments do not depend on blocks and threads.
std::vector<ColumnStatistics> statistics_of(const Table& table) {
  std::vector<ColumnStatistics> statistics;
  for (const Column& column : table.columns) statistics.emplace_back(column.type).add(column);
  return statistics;
}

LoadedShard finish(const ShardLoading& in, const RowPiece& piece, ShardBuilder builder) {
  LoadedShard loaded;
  loaded.entry = {{}, builder.shard().records.size(), builder.record_count(), piece.source, piece.begin};
  loaded.reject_counts = builder.reject_counts();
  loaded.rejects = std::move(builder.rejects());
  if (loaded.entry.records == 0) return loaded;
  in.reader.plan().partitions.append_to(builder.table(), piece.source);
  // Beside each other: with more threads than one neither alone may be slower than the rows come.
  auto statistics = std::async(std::launch::async, statistics_of, std::cref(builder.shard().table));
  loaded.entry.object = publish_shard(in, piece, builder.shard());
  loaded.statistics = statistics.get();
  return loaded;
}

std::vector<BlockOfPiece> blocks_of(const std::vector<RowPiece>& pieces,
                                    const std::vector<std::size_t>& mine) {
  std::vector<BlockOfPiece> all;
  for (const std::size_t piece : mine) {
    for (std::size_t block = 0; block < pieces[piece].blocks; ++block) all.push_back({piece, block});
  }
  return all;
}

// Puts shards together from blocks that come in order, and has each written by a thread while the next one
// grows. HDF5 is used by one thread at a time: a shard is begun to be written when the one before has been.
class ShardAssembly {
 public:
  ShardAssembly(const ShardLoading& in, std::size_t keep_rejects,
                const std::function<void(std::size_t, LoadedShard&&)>& take)
      : in_(&in), keep_rejects_(keep_rejects), take_(&take) {}

  void append(const BlockOfPiece& at, LoadedBlock&& block) {
    const RowPlan& plan = in_->reader.plan();
    const RowPiece& piece = plan.pieces[at.piece];
    if (at.block == 0) builder_.emplace(plan.schema, piece.blocks);
    builder_->append(std::move(block), keep_rejects_);
    if (at.block + 1 < piece.blocks) return;
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

}  // namespace

std::map<std::size_t, std::vector<Evidence>> load_shards(
    const ShardLoading& in, const std::vector<std::size_t>& mine, std::size_t keep_rejects,
    const std::function<void(std::size_t piece, LoadedShard&&)>& take) {
  const std::vector<BlockOfPiece> blocks = blocks_of(in.reader.plan().pieces, mine);
  ShardAssembly assembly(in, keep_rejects, take);
  std::vector<Evidence> evidence;
  std::map<std::size_t, std::vector<Evidence>> by_file;
  std::atomic<bool> refuted{false};
  ordered_parallel(
      blocks.size(), in.threads,
      [&](std::size_t i) {
        if (!refuted) return in.reader.load(blocks[i], keep_rejects);
        LoadedBlock block;
        block.evidence = in.reader.observe(blocks[i]);
        return block;
      },
      [&](std::size_t i, LoadedBlock&& block) {
        merge_into(evidence, block.evidence);
        merge_into(by_file[in.reader.plan().pieces[blocks[i].piece].source], block.evidence);
        refuted = refuted || in.reader.refutes(evidence);
        if (!refuted) assembly.append(blocks[i], std::move(block));
      });
  assembly.take_written();
  return by_file;
}

}  // namespace millrace
