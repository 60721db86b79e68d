#include "scoring/scored_source.hpp"

#include "base/parallel.hpp"
#include "ingestion/dialect.hpp"

namespace millrace {

ScoredSource::ScoredSource(const Communicator& comm, const ScoringRequest& request,
                           const Workspace& workspace, DigestUse digests)
    : comm_(comm),
      request_(request),
      read_(columns_to_read(request.model, request.against, request.keep)),
      columns_(score_columns(request.model.artifact.scorer.plan().target, read_, request.keep)),
      source_(comm, with_types(request.data, read_), workspace, digests) {}

Json ScoredSource::reading() const {
  const DataConfig& data = source_.data();
  Json reading = dialect_to_json(data, {});
  reading["table"] = data.table.text;
  reading["valid_suffix"] = data.valid_suffix;
  reading["block_bytes"] = data.block_bytes;
  reading["shard_bytes"] = data.shard_bytes;
  return reading;
}

void ScoredSource::open() {
  source_.fetch();
  source_.open(read_);
}

void ScoredSource::number_rows(const std::map<std::size_t, std::uint64_t>& known) {
  numbers_.emplace(comm_, source_.reader(), known, source_.threads());
}

void ScoredSource::score(const std::vector<std::size_t>& mine, bool as_csv, const Take& take) const {
  const BlockScorer scorer(request_.model, request_.against, columns_, as_csv);
  const std::vector<BlockOfPiece> blocks = source_.blocks_of(mine);
  const bool counts_lines = source_.reader().plan().unit == "byte";
  ordered_parallel(
      blocks.size(), source_.threads(),
      [&](std::size_t i) {
        return scorer.score(source_.load(blocks[i]),
                            {name_of(blocks[i].piece), numbers_->first_of(blocks[i]), counts_lines});
      },
      [&](std::size_t i, ScoredBlock&& block) { take(blocks[i], std::move(block)); });
}

}  // namespace millrace
