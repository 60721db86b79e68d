#include "ingestion/shard_plan.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <span>
#include <tuple>

#include "base/parallel.hpp"
#include "base/topics.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kSmallestShard = 16;
constexpr std::size_t kScanChunk = 256 << 10;
constexpr std::array kAllStates{QuoteState::kReady,   QuoteState::kPlain,         QuoteState::kQuoted,
                                QuoteState::kEscaped, QuoteState::kQuotedEscaped, QuoteState::kMidRecord,
                                QuoteState::kComment};

// What a stretch of a file does to whoever reads over it.
struct Passage {
  std::array<QuoteState, kQuoteStates> behind =
      kAllStates;  // by the state at its first byte, the one behind its last
  std::uint64_t line_breaks = 0;

  [[nodiscard]] QuoteState from(QuoteState state) const { return behind[static_cast<std::size_t>(state)]; }
};

// First one, then the other.
Passage composed(const Passage& first, const Passage& then) {
  Passage both;
  for (std::size_t i = 0; i < kQuoteStates; ++i) both.behind[i] = then.from(first.behind[i]);
  both.line_breaks = first.line_breaks + then.line_breaks;
  return both;
}

// States that have become the same stay the same: each is run once, so mostly one is left after a few bytes.
void advance_all(std::array<QuoteState, kQuoteStates>& states, std::string_view bytes,
                 const CsvDialect& dialect) {
  std::array<std::optional<QuoteState>, kQuoteStates> ends;
  for (QuoteState& state : std::span(states).first(dialect.states())) {
    auto& end = ends[static_cast<std::size_t>(state)];
    if (!end) end = advance_quotes(state, bytes, dialect);
    state = *end;
  }
}

void read_exactly(const ReadableFile& file, std::uint64_t at, std::span<char> to) {
  if (file.read_at(at, to) == to.size()) return;
  throw Error(Topic::kFileChanged, "'{}' became shorter while it was read", file.path());
}

bool begins_with_mark(const ReadableFile& file, const CsvRange& range) {
  std::array<char, 3> begin{};
  return range.begin == 0 && file.read_at(0, begin) == begin.size() &&
         std::string_view(begin.data(), 3) == "\xef\xbb\xbf";
}

Passage scan_range(const ReadableFile& file, const CsvRange& range, const CsvDialect& dialect) {
  Passage passage;
  std::uint64_t at = range.begin + (begins_with_mark(file, range) ? 3 : 0);
  char before = '\n';
  if (range.begin > 0) read_exactly(file, range.begin - 1, {&before, 1});
  std::vector<char> chunk(std::min<std::uint64_t>(kScanChunk, range.end - range.begin));
  while (at < range.end) {
    const std::size_t size = std::min<std::uint64_t>(chunk.size(), range.end - at);
    read_exactly(file, at, std::span(chunk).first(size));
    const std::string_view bytes(chunk.data(), size);
    advance_all(passage.behind, bytes, dialect);
    passage.line_breaks += count_line_breaks(before, bytes);
    before = bytes.back();
    at += size;
  }
  return passage;
}

std::vector<CsvRange> cut_into_blocks(const CsvRange& range, std::uint64_t block_bytes) {
  std::vector<CsvRange> blocks;
  for (std::uint64_t begin = range.begin; begin < range.end; begin += block_bytes) {
    blocks.push_back({begin, std::min(begin + block_bytes, range.end)});
  }
  return blocks;
}

std::vector<Passage> scan_blocks(const ReadableFile& file, const std::vector<CsvRange>& blocks,
                                 const CsvDialect& dialect, std::size_t threads) {
  std::vector<Passage> passages(blocks.size());
  ordered_parallel(
      blocks.size(), threads, [&](std::size_t i) { return scan_range(file, blocks[i], dialect); },
      [&](std::size_t i, const Passage& passage) { passages[i] = passage; });
  return passages;
}

// `next` begins where `range`, which is `passage`, ends.
void follow(const CsvRange& range, const Passage& passage, CsvRange& next) {
  next.state = passage.from(range.state);
  next.line = range.line + passage.line_breaks;
}

Json to_json(std::size_t piece, const Passage& passage) {
  return {piece, passage.behind, passage.line_breaks};
}

bool is_cut(const std::vector<ShardPiece>& pieces, std::size_t i, const BlockPlan& plan) {
  const CsvRange& range = pieces[i].range;
  return range.begin > 0 || range.end > plan.bytes ||
         (i + 1 < pieces.size() && pieces[i + 1].source == pieces[i].source);
}

}  // namespace

std::vector<ShardPiece> plan_shards(const std::vector<SourceFile>& sources, std::uint64_t shard_bytes) {
  if (shard_bytes < kSmallestShard) {
    throw Error(Topic::kWrongValue, "data.shard_bytes must be at least {}, not {}", kSmallestShard,
                shard_bytes);
  }
  std::vector<ShardPiece> pieces;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    const std::uint64_t bytes = sources[s].text_bytes();
    const std::uint64_t shards = bytes / shard_bytes + (bytes % shard_bytes == 0 ? 0 : 1);
    for (std::uint64_t i = 0, begin = 0; i < shards; ++i) {
      const std::uint64_t end = begin + (bytes - begin) / (shards - i);  // as even as can be
      pieces.push_back({static_cast<std::uint32_t>(s), {begin, end}, {}});
      begin = end;
    }
  }
  return pieces;
}

std::vector<BlockOfPiece> blocks_of(const std::vector<ShardPiece>& pieces,
                                    const std::vector<std::size_t>& mine) {
  std::vector<BlockOfPiece> all;
  for (const std::size_t piece : mine) {
    for (std::size_t block = 0; block < pieces[piece].blocks.size(); ++block) all.push_back({piece, block});
  }
  return all;
}

void find_shard_starts(const Communicator& comm, const std::vector<std::string>& paths,
                       const CsvDialect& dialect, const BlockPlan& plan, std::vector<ShardPiece>& pieces) {
  std::vector<std::vector<Passage>> of_blocks(pieces.size());  // of the pieces that this rank owns
  Json mine = Json::array();
  comm.agree([&] {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (!owns_shard(comm, i) || pieces[i].is_kept) continue;
      pieces[i].blocks = cut_into_blocks(pieces[i].range, plan.bytes);
      if (!is_cut(pieces, i, plan)) continue;
      of_blocks[i] =
          scan_blocks(ReadableFile(paths[pieces[i].source]), pieces[i].blocks, dialect, plan.threads);
      mine.push_back(
          to_json(i, std::accumulate(of_blocks[i].begin(), of_blocks[i].end(), Passage(), composed)));
    }
  });
  std::vector<Passage> of_pieces(pieces.size());
  for (const std::string& part : comm.all_gather(mine.dump())) {
    for (const Json& json : Json::parse(part)) of_pieces[json[0]] = {json[1], json[2]};
  }
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].range.begin > 0) follow(pieces[i - 1].range, of_pieces[i - 1], pieces[i].range);
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::vector<CsvRange>& blocks = pieces[i].blocks;
    if (blocks.empty()) continue;
    std::tie(blocks[0].state, blocks[0].line) = std::tie(pieces[i].range.state, pieces[i].range.line);
    for (std::size_t b = 1; b < blocks.size(); ++b) follow(blocks[b - 1], of_blocks[i][b - 1], blocks[b]);
  }
}

}  // namespace millrace
