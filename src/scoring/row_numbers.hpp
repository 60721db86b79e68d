// Where the records of each block stand in their file, before they are parsed: records are counted first, in
// files that are read in more than one block.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/shard_plan.hpp"
#include "ingestion/source_reader.hpp"

namespace millrace {

class RowNumbers {
 public:
  // Collective. `known`: the records of pieces of this rank whose blocks nobody asks for.
  RowNumbers(const Communicator& comm, const SourceReader& reader,
             const std::map<std::size_t, std::uint64_t>& known, std::size_t threads);

  // The number of a piece's first record, counted from 0 in its file.
  [[nodiscard]] std::uint64_t first_of(std::size_t piece) const { return first_[piece]; }
  // The same of a block of a piece that this rank owns and that was not known.
  [[nodiscard]] std::uint64_t first_of(const BlockOfPiece& at) const;

 private:
  void count(const Communicator& comm, const SourceReader& reader,
             const std::map<std::size_t, std::uint64_t>& known, std::size_t threads);

  std::vector<std::uint64_t> first_;                          // of each piece
  std::map<std::size_t, std::vector<std::uint64_t>> counts_;  // of each block of this rank's pieces
};

}  // namespace millrace
