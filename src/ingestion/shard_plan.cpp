#include "ingestion/shard_plan.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/topics.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kSmallestShard = 16;
constexpr std::uint64_t kSmallestScanBlock = 64;  // holds a byte order mark whole

// What one piece does to whoever reads over it.
struct PieceScan {
  std::size_t piece = 0;
  // By the state at its first byte, the one behind its last.
  std::array<QuoteState, kQuoteStates> behind{QuoteState::kOutside, QuoteState::kInside,
                                              QuoteState::kAfterQuote};
  std::uint64_t line_breaks = 0;
};

std::size_t index_of(QuoteState state) {
  return static_cast<std::size_t>(state);
}

std::string_view without_byte_order_mark(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  return bytes;
}

// States that have become the same stay the same: each is run once, so mostly one is left after a few blocks.
void advance_all(std::array<QuoteState, kQuoteStates>& states, char before, std::string_view bytes,
                 const CsvDialect& dialect) {
  std::array<std::optional<QuoteState>, kQuoteStates> ends;
  for (QuoteState& state : states) {
    auto& end = ends[index_of(state)];
    if (!end) end = advance_quotes(state, before, bytes, dialect);
    state = *end;
  }
}

PieceScan scan_piece(const ReadableFile& file, const CsvRange& range, const CsvDialect& dialect,
                     std::uint64_t block_bytes) {
  PieceScan scan;
  char before = '\n';
  if (range.begin > 0) file.read_at(range.begin - 1, {&before, 1});
  std::vector<char> block(std::min(std::max(block_bytes, kSmallestScanBlock), range.end - range.begin));
  for (std::uint64_t at = range.begin; at < range.end;) {
    const std::size_t size = std::min<std::uint64_t>(block.size(), range.end - at);
    if (file.read_at(at, std::span(block).first(size)) != size) {
      throw Error(Topic::kFileChanged, "'{}' became shorter while it was read", file.path());
    }
    const std::string_view read(block.data(), size);
    const std::string_view bytes = at == 0 ? without_byte_order_mark(read) : read;
    advance_all(scan.behind, before, bytes, dialect);
    scan.line_breaks += count_line_breaks(before, bytes);
    before = read.back();
    at += size;
  }
  return scan;
}

Json to_json(const PieceScan& scan) {
  return {scan.piece, scan.behind[0], scan.behind[1], scan.behind[2], scan.line_breaks};
}

PieceScan from_json(const Json& json) {
  return {json[0], {json[1], json[2], json[3]}, json[4]};
}

bool is_cut(const std::vector<ShardPiece>& pieces, std::size_t i) {
  return pieces[i].range.begin > 0 || (i + 1 < pieces.size() && pieces[i + 1].source == pieces[i].source);
}

}  // namespace

std::vector<ShardPiece> plan_shards(const std::vector<SourceFile>& sources, std::uint64_t shard_bytes) {
  if (shard_bytes < kSmallestShard) {
    throw Error(Topic::kWrongValue, "data.shard_bytes must be at least {}, not {}", kSmallestShard,
                shard_bytes);
  }
  std::vector<ShardPiece> pieces;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    for (std::uint64_t begin = 0; begin < sources[s].text_bytes(); begin += shard_bytes) {
      const std::uint64_t end = std::min(begin + shard_bytes, sources[s].text_bytes());
      pieces.push_back({static_cast<std::uint32_t>(s), {begin, end}});
    }
  }
  return pieces;
}

void find_shard_starts(const Communicator& comm, const std::vector<std::string>& paths,
                       const CsvDialect& dialect, std::uint64_t block_bytes,
                       std::vector<ShardPiece>& pieces) {
  Json mine = Json::array();
  comm.agree([&] {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (!owns_shard(comm, i) || !is_cut(pieces, i)) continue;
      PieceScan scan =
          scan_piece(ReadableFile(paths[pieces[i].source]), pieces[i].range, dialect, block_bytes);
      scan.piece = i;
      mine.push_back(to_json(scan));
    }
  });
  std::vector<PieceScan> scans(pieces.size());
  for (const std::string& part : comm.all_gather(mine.dump())) {
    for (const Json& json : Json::parse(part)) scans[json[0]] = from_json(json);
  }
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].range.begin == 0) continue;
    const CsvRange& before = pieces[i - 1].range;
    pieces[i].range.state = scans[i - 1].behind[index_of(before.state)];
    pieces[i].range.line = before.line + scans[i - 1].line_breaks;
  }
}

}  // namespace millrace
