#include "ingestion/inference.hpp"

#include <limits>

#include "ingestion/block_evidence.hpp"
#include "ingestion/block_reader.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

namespace {

// Blocks of a rank that the guess is made from, spread over all it has.
constexpr std::size_t kGuessedFrom = 32;

std::vector<Evidence> observe_batches(const Reading& in, const BlockOfPiece& at, std::size_t most) {
  const ShardPiece& piece = in.pieces[at.piece];
  const ReadableFile file = open_source(in.paths[piece.source], in.sources[piece.source]);
  BlockEvidence evidence(in.layout, in.dialect, in.config.block_bytes, piece.source);
  BlockReader reader(file, piece.blocks[at.block], in.layout.header_offsets[piece.source], in.config,
                     in.dialect);
  CsvBatch batch;
  for (std::size_t i = 0; i < most && reader.next(batch); ++i) evidence.observe(batch);
  return evidence.take();
}

std::vector<Evidence> merge_over_ranks(const Communicator& comm, const std::vector<Evidence>& mine) {
  std::vector<Evidence> merged;
  for (const std::string& part : comm.all_gather(Json(mine).dump())) {
    merge_into(merged, Json::parse(part).get<std::vector<Evidence>>());
  }
  return merged;
}

Schema schema_of(const Layout& layout, const std::vector<Evidence>& all) {
  std::vector<Field> fields;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const auto& [name, position, declared] = layout.columns[i];
    const ColumnType found = all.empty() ? ColumnType::kText : all[i].candidates.result();
    fields.push_back({name, declared.value_or(found)});
  }
  return Schema(std::move(fields));
}

}  // namespace

std::vector<Evidence> observe_block(const Reading& in, const BlockOfPiece& at) {
  return observe_batches(in, at, std::numeric_limits<std::size_t>::max());
}

bool refutes(const std::vector<Evidence>& evidence, const Layout& layout, const Schema& schema) {
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (!layout.columns[i].declared && !evidence[i].candidates.allows(schema[i].type)) return true;
  }
  return false;
}

Schema guess_types(const Communicator& comm, const Reading& in, const std::vector<Evidence>& kept) {
  std::vector<Evidence> mine = kept;
  comm.agree([&] {
    if (in.layout.all_declared()) return;
    const std::vector<BlockOfPiece> blocks = blocks_of(in.pieces, owned_shards(comm, in.pieces.size()));
    const std::size_t step = (blocks.size() + kGuessedFrom - 1) / kGuessedFrom;
    for (std::size_t i = 0; i < blocks.size(); i += step) merge_into(mine, observe_batches(in, blocks[i], 1));
  });
  return schema_of(in.layout, merge_over_ranks(comm, mine));
}

Inference infer_types(const Communicator& comm, const Reading& in, const std::vector<Evidence>& mine) {
  const std::vector<Evidence> all = merge_over_ranks(comm, mine);
  Inference inference{schema_of(in.layout, all), std::vector<std::string>(in.layout.columns.size())};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (in.layout.columns[i].declared) continue;
    inference.notes[i] = note_on(all[i], inference.schema[i].type, in.sources);
  }
  return inference;
}

}  // namespace millrace
