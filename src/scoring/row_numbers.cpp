#include "scoring/row_numbers.hpp"

#include <numeric>

#include "base/json.hpp"
#include "base/parallel.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

namespace {

// The only block of its file.
bool stands_alone(const std::vector<RowPiece>& pieces, std::size_t piece) {
  const auto source = pieces[piece].source;
  return pieces[piece].blocks == 1 && (piece == 0 || pieces[piece - 1].source != source) &&
         (piece + 1 == pieces.size() || pieces[piece + 1].source != source);
}

}  // namespace

RowNumbers::RowNumbers(const Communicator& comm, const SourceReader& reader,
                       const std::map<std::size_t, std::uint64_t>& known, std::size_t threads) {
  comm.agree([&] { count(comm, reader, known, threads); });
  const std::vector<RowPiece>& pieces = reader.plan().pieces;
  Json mine = Json::array();
  for (const auto& [piece, records] : known) mine.push_back({piece, records});
  for (const auto& [piece, counts] : counts_)
    mine.push_back({piece, std::accumulate(counts.begin(), counts.end(), std::uint64_t{0})});
  std::vector<std::uint64_t> records(pieces.size());
  for (const std::string& part : comm.all_gather(mine.dump())) {
    for (const Json& told : Json::parse(part)) records[told[0]] = told[1];
  }
  first_.resize(pieces.size());
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].source == pieces[i - 1].source) first_[i] = first_[i - 1] + records[i - 1];
  }
}

void RowNumbers::count(const Communicator& comm, const SourceReader& reader,
                       const std::map<std::size_t, std::uint64_t>& known, std::size_t threads) {
  const std::vector<RowPiece>& pieces = reader.plan().pieces;
  std::vector<BlockOfPiece> blocks;
  for (const std::size_t piece : owned_shards(comm, pieces.size())) {
    if (known.contains(piece) || stands_alone(pieces, piece)) continue;
    for (std::size_t block = 0; block < pieces[piece].blocks; ++block) blocks.push_back({piece, block});
  }
  ordered_parallel(
      blocks.size(), threads, [&](std::size_t i) { return reader.count(blocks[i]); },
      [&](std::size_t i, std::uint64_t records) { counts_[blocks[i].piece].push_back(records); });
}

std::uint64_t RowNumbers::first_of(const BlockOfPiece& at) const {
  const auto counts = counts_.find(at.piece);
  if (counts == counts_.end()) return first_[at.piece];
  const auto end = counts->second.begin() + static_cast<std::ptrdiff_t>(at.block);
  return std::accumulate(counts->second.begin(), end, first_[at.piece]);
}

}  // namespace millrace
