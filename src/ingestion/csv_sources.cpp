#include "ingestion/csv_sources.hpp"

#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/block_reader.hpp"
#include "ingestion/header.hpp"
#include "ingestion/inference.hpp"

namespace millrace {

namespace {

void require_no_table(const DataConfig& config) {
  if (!config.table.text.empty()) {
    throw Error(Topic::kWhichTable,
                "{}: data.table names a table of HDF5 files, but data.source names CSV files",
                config.table.mark.str());
  }
  if (!config.valid_suffix.empty()) {
    throw Error(Topic::kWhichTable, "data.valid_suffix is for HDF5 files, but data.source names CSV files");
  }
}

std::string remark_on(const Schema& schema, const DataConfig& config) {
  if (!config.header || !config.names.empty() || !looks_like_data(schema)) return "";
  return fmt::format("the header looks like data ('{}'): if it is, set data.header: false and data.names",
                     join(schema.names(), "', '"));
}

}  // namespace

CsvSources::CsvSources(const Communicator& comm, const SourceTexts& sources)
    : sources_(sources), dialect_(csv_dialect(sources.config)) {
  const auto& [config, files, paths, threads] = sources_;
  require_no_table(config);
  pieces_ = plan_shards(files, config.shard_bytes);
  layout_ = find_layout(comm, config, dialect_, files, paths, plan_.empty);
  find_shard_starts(comm, paths, dialect_, {config.block_bytes, threads}, pieces_);
  Inference inference = infer_types(comm, config, dialect_, layout_, files, paths, threads, pieces_);
  plan_.schema = std::move(inference.schema);
  plan_.notes = std::move(inference.notes);
  plan_.partitions = layout_.partitions;
  plan_.remark = remark_on(plan_.schema, config);
  plan_.without_rows = config.header ? "a header" : "blank lines";
  plan_.unit = "byte";
  for (const ShardPiece& piece : pieces_) {
    const auto& [begin, end, state, line] = piece.range;
    plan_.pieces.push_back({piece.source, begin, end, end - begin, piece.blocks.size()});
  }
}

LoadedBlock CsvSources::load(std::size_t piece, std::size_t block, std::size_t keep_rejects) const {
  const std::uint32_t source = pieces_[piece].source;
  const ReadableFile file = open_source(sources_.paths[source], sources_.files[source]);
  return load_block(file, pieces_[piece].blocks[block], layout_.header_offsets[source], sources_.config,
                    dialect_, layout_, plan_.schema, keep_rejects);
}

}  // namespace millrace
