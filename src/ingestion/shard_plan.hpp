// Which bytes of which file each shard is made of, and what the bytes before a shard say about its first one.
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
};

// Pieces of at most `shard_bytes`, in source order, never across two files; none for an empty file. Throws
// kUsage for a shard_bytes too small to hold a byte order mark.
std::vector<ShardPiece> plan_shards(const std::vector<SourceFile>& sources, std::uint64_t shard_bytes);

// Collective. For files of more than one piece: ranks scan the pieces they own, counting line breaks and
// mapping each quote state at a piece's first byte to the one behind its last; the maps are exchanged and
// composed. Files of one piece are not read.
void find_shard_starts(const Communicator& comm, const std::vector<std::string>& paths,
                       const CsvDialect& dialect, std::uint64_t block_bytes, std::vector<ShardPiece>& pieces);

}  // namespace millrace
