// Which bytes of which file each shard is made of, and what the bytes before a block say about its first one.
#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/dataset.hpp"

namespace millrace {

// A piece of a source; range.state and range.line are known once find_shard_starts() has run.
struct ShardPiece {
  std::uint32_t source = 0;
  CsvRange range;
  std::vector<CsvRange> blocks;  // of the rank that owns the piece: what its threads share
  bool is_kept = false;          // its shard is there: nothing of it is read, and it has no blocks
};

// One block of a piece that this rank owns.
struct BlockOfPiece {
  std::size_t piece = 0;
  std::size_t block = 0;
};
// All blocks of the pieces whose numbers are `mine`, in order.
std::vector<BlockOfPiece> blocks_of(const std::vector<ShardPiece>& pieces,
                                    const std::vector<std::size_t>& mine);

// Pieces of at most `shard_bytes`, in source order, never across two files; none for an empty file. Throws
// kUsage for a shard_bytes too small to hold a byte order mark.
std::vector<ShardPiece> plan_shards(const std::vector<SourceFile>& sources, std::uint64_t shard_bytes);

// How a source is cut for threads.
struct BlockPlan {
  std::uint64_t bytes = 0;  // of a block
  std::size_t threads = 1;
};

// Collective. For files of more than one block: ranks scan the pieces they own, block by block, counting line
// breaks and mapping each quote state at a block's first byte to the one behind its last; the maps are
// composed, over blocks and over pieces, which are exchanged. Files of one block are not read.
void find_shard_starts(const Communicator& comm, const std::vector<std::string>& paths,
                       const CsvDialect& dialect, const BlockPlan& plan, std::vector<ShardPiece>& pieces);

}  // namespace millrace
