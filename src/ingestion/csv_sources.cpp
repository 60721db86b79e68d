#include "ingestion/csv_sources.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/block_reader.hpp"
#include "ingestion/detection.hpp"
#include "ingestion/header.hpp"
#include "ingestion/inference.hpp"
#include "ingestion/kept_files.hpp"

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

// Of the first file that holds something.
std::string delimiter_of(const Communicator& comm, const SourceTexts& sources) {
  const auto& files = sources.files;
  const auto first = std::ranges::find_if(files, [](const auto& file) { return file.text_bytes() > 0; });
  const KeptFile* kept = sources.kept_file(static_cast<std::size_t>(first - files.begin()));
  return kept != nullptr ? kept->delimiter : detect_delimiter(comm, sources.config, files, sources.paths);
}

}  // namespace

CsvSources::CsvSources(const Communicator& comm, const SourceTexts& sources)
    : sources_(sources), config_(sources.config) {
  require_no_table(config_);
  const auto& [config, files, paths, threads, wanted, kept] = sources_;
  plan_.delimiter = delimiter_of(comm, sources_);
  if (!plan_.delimiter.empty()) config_.delimiter = plan_.delimiter;
  dialect_ = csv_dialect(config_);
  pieces_ = plan_shards(files, config_.shard_bytes);
  for (ShardPiece& piece : pieces_) piece.is_kept = sources_.kept_file(piece.source) != nullptr;
  layout_ = find_layout(comm, config_, dialect_, sources_, plan_);
  find_shard_starts(comm, paths, dialect_, {config_.block_bytes, threads}, pieces_);
  plan_.schema = guess_types(comm, reading(), kept == nullptr ? std::vector<Evidence>() : kept->evidence());
  plan_.partitions = layout_.partitions;
  plan_.without_rows = config_.header ? "a header" : "blank lines";
  plan_.unit = "byte";
  plan_.format = kCsvFormat;
  for (const ShardPiece& piece : pieces_) {
    const auto& [begin, end, state, line] = piece.range;
    plan_.pieces.push_back({piece.source, begin, end, end - begin, piece.blocks.size()});
  }
}

LoadedBlock CsvSources::load(const BlockOfPiece& at, std::size_t keep_rejects) const {
  const std::uint32_t source = pieces_[at.piece].source;
  const ReadableFile file = open_source(sources_.paths[source], sources_.files[source]);
  return load_block(file, pieces_[at.piece].blocks[at.block], source, layout_.header_offsets[source], config_,
                    dialect_, layout_, plan_.schema, keep_rejects);
}

std::uint64_t CsvSources::count(const BlockOfPiece& at) const {
  const std::uint32_t source = pieces_[at.piece].source;
  const ReadableFile file = open_source(sources_.paths[source], sources_.files[source]);
  BlockReader reader(file, pieces_[at.piece].blocks[at.block], layout_.header_offsets[source], config_,
                     dialect_);
  std::uint64_t records = 0;
  for (CsvBatch batch; reader.next(batch);) records += batch.records.size();
  return records;
}

std::vector<Evidence> CsvSources::observe(const BlockOfPiece& at) const {
  return observe_block(reading(), at);
}

bool CsvSources::refutes(const std::vector<Evidence>& evidence) const {
  return millrace::refutes(evidence, layout_, plan_.schema);
}

bool CsvSources::settle_types(const Communicator& comm, const std::vector<Evidence>& mine) {
  Inference inference = infer_types(comm, reading(), mine);
  const bool others = inference.schema != plan_.schema;
  plan_.notes = std::move(inference.notes);
  plan_.schema = std::move(inference.schema);
  plan_.remark = remark_on(plan_.schema, config_);
  layout_.declare(plan_.schema);
  return others;
}

}  // namespace millrace
