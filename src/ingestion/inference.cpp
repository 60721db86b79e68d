#include "ingestion/inference.hpp"

#include "base/parallel.hpp"
#include "ingestion/block_reader.hpp"
#include "ingestion/evidence.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/rejects.hpp"

namespace millrace {

namespace {

// What is the same for all blocks.
struct Observation {
  const DataConfig& config;
  const CsvDialect& dialect;
  const Layout& layout;
};

std::vector<Evidence> observe_block(const Observation& in, const ReadableFile& file, const CsvRange& block,
                                    std::size_t piece, std::uint64_t header_offset) {
  std::vector<Evidence> evidence(in.layout.columns.size());
  std::vector<std::uint32_t> sound;
  std::vector<RecordProblem> problems;
  FieldReader fields(in.dialect);
  BlockReader reader(file, block, header_offset, in.config, in.dialect);
  for (CsvBatch batch; reader.next(batch);) {
    sort_records(batch, in.layout.fields, in.config.block_bytes, sound, problems);
    for (std::size_t i = 0; i < evidence.size(); ++i) {
      const SourceColumn& column = in.layout.columns[i];
      if (!column.declared) evidence[i].observe(BatchColumn{batch, sound, column.position}, fields, piece);
    }
  }
  return evidence;
}

void merge_into(std::vector<Evidence>& all, const std::vector<Evidence>& more) {
  for (std::size_t i = 0; i < all.size(); ++i) all[i].merge(more[i]);
}

std::vector<Evidence> merge_over_ranks(const Communicator& comm, const std::vector<Evidence>& mine) {
  std::vector<Evidence> merged(mine.size());
  for (const std::string& part : comm.all_gather(Json(mine).dump())) {
    merge_into(merged, Json::parse(part).get<std::vector<Evidence>>());
  }
  return merged;
}

}  // namespace

Inference infer_types(const Communicator& comm, const DataConfig& config, const CsvDialect& dialect,
                      const Layout& layout, const std::vector<SourceFile>& sources,
                      const std::vector<std::string>& paths, std::size_t threads,
                      const std::vector<ShardPiece>& pieces) {
  const Observation in{config, dialect, layout};
  std::vector<Evidence> mine(layout.columns.size());
  comm.agree([&] {
    for (std::size_t i = 0; i < pieces.size() && !layout.all_declared(); ++i) {
      if (!owns_shard(comm, i)) continue;
      const std::uint32_t source = pieces[i].source;
      const ReadableFile file = open_source(paths[source], sources[source]);
      const std::vector<CsvRange>& blocks = pieces[i].blocks;
      ordered_parallel(
          blocks.size(), threads,
          [&](std::size_t b) { return observe_block(in, file, blocks[b], i, layout.header_offsets[source]); },
          [&](std::size_t, const std::vector<Evidence>& evidence) { merge_into(mine, evidence); });
    }
  });
  const std::vector<Evidence> all = merge_over_ranks(comm, mine);
  Inference inference;
  std::vector<Field> fields;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SourceColumn& column = layout.columns[i];
    fields.push_back({column.name, column.declared.value_or(all[i].candidates.result())});
    inference.notes.push_back(column.declared ? "" : note_on(all[i], fields[i].type, sources, pieces));
  }
  inference.schema = Schema(std::move(fields));
  return inference;
}

}  // namespace millrace
