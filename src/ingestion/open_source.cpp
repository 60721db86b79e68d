#include "ingestion/open_source.hpp"

#include <limits>

#include "ingestion/ingest.hpp"

namespace millrace {

DataConfig with_types(DataConfig data, const Schema& columns) {
  data.types.clear();
  for (const Field& field : columns) data.types[field.name] = {to_string(field.type), {}};
  return data;
}

OpenSource::OpenSource(const Communicator& comm, DataConfig data, const Workspace& workspace,
                       DigestUse digests)
    : comm_(comm),
      workspace_(workspace),
      data_(std::move(data)),
      sources_(comm, data_, workspace, events_, digests),
      threads_(threads_of_rank(comm, data_)) {}

void OpenSource::fetch() {
  plain_ = std::make_unique<PlainSources>(comm_, sources_, data_.encoding, threads_, workspace_, events_);
}

Schema OpenSource::look_at_columns() const {
  const DataConfig untyped = with_types(data_, {});
  const auto reader = read_sources(comm_, {untyped, plain_->files(), plain_->paths(), threads_});
  std::vector<Field> fields(reader->plan().schema.begin(), reader->plan().schema.end());
  for (const Field& field : reader->plan().partitions.schema()) fields.push_back(field);
  return Schema(std::move(fields));
}

void OpenSource::open(const Schema& columns) {
  columns_ = columns;
  typed_ = with_types(data_, columns_);
  reader_ = read_sources(comm_, {typed_, plain_->files(), plain_->paths(), threads_, &columns_});
}

std::vector<std::size_t> OpenSource::owned() const {
  return owned_shards(comm_, pieces().size());
}

std::vector<BlockOfPiece> OpenSource::blocks_of(const std::vector<std::size_t>& wanted) const {
  std::vector<BlockOfPiece> blocks;
  for (const std::size_t piece : wanted) {
    for (std::size_t block = 0; block < pieces()[piece].blocks; ++block) blocks.push_back({piece, block});
  }
  return blocks;
}

LoadedBlock OpenSource::load(const BlockOfPiece& at) const {
  LoadedBlock block = reader_->load(at, std::numeric_limits<std::size_t>::max());
  reader_->plan().partitions.append_to(block.table, pieces()[at.piece].source);
  return block;
}

}  // namespace millrace
