#include "scoring/scored_source.hpp"

#include <limits>

#include "base/parallel.hpp"
#include "ingestion/dialect.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

namespace {

// Folders KEY=VALUE give columns too: their types are those that are read.
DataConfig typed(DataConfig data, const Schema& read) {
  data.types.clear();
  for (const Field& field : read) data.types[field.name] = {to_string(field.type), {}};
  return data;
}

}  // namespace

ScoredSource::ScoredSource(const Communicator& comm, const ScoringRequest& request,
                           const Workspace& workspace, DigestUse digests)
    : comm_(comm),
      request_(request),
      workspace_(workspace),
      read_(columns_to_read(request.model, request.against, request.keep)),
      columns_(score_columns(request.model.artifact.scorer.plan().target, read_, request.keep)),
      data_(typed(request.data, read_)),
      sources_(comm, data_, workspace, events_, digests),
      threads_(threads_of_rank(comm, data_)) {}

Json ScoredSource::reading() const {
  Json reading = dialect_to_json(data_, {});
  reading["table"] = data_.table.text;
  reading["valid_suffix"] = data_.valid_suffix;
  reading["block_bytes"] = data_.block_bytes;
  reading["shard_bytes"] = data_.shard_bytes;
  return reading;
}

void ScoredSource::open() {
  plain_ = std::make_unique<PlainSources>(comm_, sources_, data_.encoding, threads_, workspace_, events_);
  reader_ = read_sources(comm_, {data_, plain_->files(), plain_->paths(), threads_, &read_});
}

std::vector<std::size_t> ScoredSource::owned() const {
  return owned_shards(comm_, pieces().size());
}

void ScoredSource::number_rows(const std::map<std::size_t, std::uint64_t>& known) {
  numbers_.emplace(comm_, *reader_, known, threads_);
}

void ScoredSource::score(const std::vector<std::size_t>& mine, bool as_csv, const Take& take) const {
  const BlockScorer scorer(request_.model, request_.against, columns_, as_csv);
  const RowPlan& plan = reader_->plan();
  std::vector<BlockOfPiece> blocks;
  for (const std::size_t piece : mine) {
    for (std::size_t block = 0; block < plan.pieces[piece].blocks; ++block) blocks.push_back({piece, block});
  }
  const bool counts_lines = plan.unit == "byte";
  ordered_parallel(
      blocks.size(), threads_,
      [&](std::size_t i) {
        LoadedBlock block = reader_->load(blocks[i], std::numeric_limits<std::size_t>::max());
        plan.partitions.append_to(block.table, plan.pieces[blocks[i].piece].source);
        return scorer.score(std::move(block),
                            {name_of(blocks[i].piece), numbers_->first_of(blocks[i]), counts_lines});
      },
      [&](std::size_t i, ScoredBlock&& block) { take(blocks[i], std::move(block)); });
}

}  // namespace millrace
