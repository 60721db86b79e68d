#include "ingestion/ingest.hpp"

#include <algorithm>
#include <map>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/dataset_profile.hpp"
#include "ingestion/detection.hpp"
#include "ingestion/header.hpp"
#include "ingestion/inference.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/merge_statistics.hpp"
#include "ingestion/plain_sources.hpp"
#include "ingestion/reject_summary.hpp"
#include "ingestion/shard_loader.hpp"
#include "ingestion/shard_plan.hpp"

namespace millrace {

namespace {

// One ingestion: what all its steps look at.
struct Ingestion {
  const Communicator& comm;
  const DataConfig& config;
  const CsvDialect dialect;
  const std::vector<SourceFile>& sources;
  const std::vector<std::string>& paths;
  const Workspace& workspace;
  Events& events;
  BlockPlan plan;
  std::vector<ShardPiece> pieces;
  Layout layout;
  Schema schema;  // of the files' columns

  [[nodiscard]] Reading reading() const { return {config, dialect, layout, sources, paths, pieces}; }

  void warn(const std::string& message) const {
    if (!comm.is_root()) return;
    log_warning("{}", message);
    events.emit("ingest.warning", {{"message", message}});
  }
};

// What this rank made of its pieces, by their numbers.
struct Loaded {
  std::map<std::size_t, ShardEntry> entries;
  std::map<std::size_t, RejectCounts> reject_counts;
  std::map<std::size_t, std::vector<Json>> rejects;
  ShardStatistics statistics;
  std::vector<Evidence> evidence;
};

void emit_shard(const Ingestion& in, std::size_t piece, const LoadedShard& loaded) {
  if (!in.comm.is_root()) return;
  const CsvRange& range = in.pieces[piece].range;
  in.events.emit("ingest.shard", {{"shard", piece},
                                  {"shards", in.pieces.size()},
                                  {"file", in.sources[loaded.entry.source].name},
                                  {"rows", loaded.entry.rows},
                                  {"rejects", loaded.reject_counts.total()},
                                  {"bytes", range.end - range.begin}});
}

Loaded load_pieces(const Ingestion& in) {
  Loaded mine;
  const Reading reading = in.reading();
  const ShardLoading loading{reading, in.schema, in.workspace, in.plan.threads};
  const auto take = [&](std::size_t i, LoadedShard&& loaded) {
    mine.entries[i] = loaded.entry;
    mine.reject_counts[i] = loaded.reject_counts;
    const std::string& file = in.sources[loaded.entry.source].name;
    for (const Reject& reject : loaded.rejects) mine.rejects[i].push_back(reject_json(reject, file));
    emit_shard(in, i, loaded);
    if (loaded.entry.records > 0) mine.statistics[i] = std::move(loaded.statistics);
  };
  mine.evidence = load_shards(loading, owned_shards(in.comm, in.pieces.size()), kRejectTableRows, take);
  return mine;
}

void emit_retyped(const Ingestion& in, const Schema& found) {
  if (!in.comm.is_root()) return;
  Json columns = Json::array();
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].type == in.schema[i].type) continue;
    columns.push_back({{"name", found[i].name},
                       {"guess", to_string(in.schema[i].type)},
                       {"type", to_string(found[i].type)}});
  }
  in.events.emit("ingest.retyped", {{"columns", columns}});
}

// Shards by guessed types, and where all values together say otherwise, by those that they say.
Loaded load_typed(Ingestion& in, Dataset& dataset) {
  in.schema = guess_types(in.comm, in.reading());
  Loaded mine = in.comm.agree([&] { return load_pieces(in); });
  Inference inference = infer_types(in.comm, in.reading(), mine.evidence);
  dataset.inference_notes = std::move(inference.notes);
  if (inference.schema == in.schema) return mine;
  emit_retyped(in, inference.schema);
  in.schema = std::move(inference.schema);
  in.layout.declare(in.schema);
  mine = {};  // as large as what comes
  return in.comm.agree([&] { return load_pieces(in); });
}

// Entries and reject counts of all pieces, on all ranks.
void exchange(const Ingestion& in, const Loaded& mine, std::vector<ShardEntry>& entries,
              std::vector<RejectCounts>& reject_counts) {
  Json told = Json::array();
  for (const auto& [piece, entry] : mine.entries) {
    told.push_back({piece, entry.object.hex(), entry.rows, entry.records, mine.reject_counts.at(piece).of});
  }
  entries.resize(in.pieces.size());
  reject_counts.resize(in.pieces.size());
  for (const std::string& part : in.comm.all_gather(told.dump())) {
    for (const Json& shard : Json::parse(part)) {
      const std::size_t piece = shard[0];
      const auto object = shard[1].get<std::string>();
      entries[piece] = {object.empty() ? Digest() : Digest::from_hex(object), shard[2], shard[3],
                        in.pieces[piece].source, in.pieces[piece].range.begin};
      reject_counts[piece].of = shard[4];
    }
  }
}

void require_records(const Ingestion& in, std::uint64_t records) {
  if (records > 0) return;
  std::vector<std::string> names;
  for (const SourceFile& source : in.sources) names.push_back(source.name);
  throw Error(Topic::kNoRows, "'{}' {} {} and no rows", join(names, "', '"),
              names.size() == 1 ? "holds" : "hold", in.config.header ? "a header" : "blank lines");
}

void warn_of_empty_files(const Ingestion& in, const std::vector<std::string>& empty,
                         const std::vector<ShardEntry>& entries) {
  std::vector<std::uint64_t> records(in.sources.size());
  for (const ShardEntry& entry : entries) records[entry.source] += entry.records;
  for (const std::string& file : empty) in.warn(fmt::format("'{}' is empty", file));
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string& name = in.sources[i].name;
    const bool is_known = std::find(empty.begin(), empty.end(), name) != empty.end();
    if (records[i] == 0 && !is_known) in.warn(fmt::format("'{}' holds a header and no rows", name));
  }
}

// What this rank's shards are, for all ranks: shards and rejects of the dataset.
void collect(const Ingestion& in, const Loaded& mine, const std::vector<std::string>& empty,
             Dataset& dataset) {
  std::vector<RejectCounts> reject_counts;
  exchange(in, mine, dataset.shards, reject_counts);
  std::erase_if(dataset.shards, [](const ShardEntry& entry) { return entry.records == 0; });
  std::uint64_t records = 0;
  for (const ShardEntry& entry : dataset.shards) records += entry.records;
  require_records(in, records);
  warn_of_empty_files(in, empty, dataset.shards);
  dataset.rejects = summarize_rejects(in.comm, reject_counts, mine.rejects, in.workspace);
  require_few_rejects(dataset.rejects, records, in.config, in.workspace);
}

void warn_of_types(const Ingestion& in, const Dataset& dataset) {
  for (std::size_t i = 0; i < dataset.schema.size(); ++i) {
    const std::string& note = dataset.inference_notes[i];
    const auto& [name, type] = dataset.schema[i];
    if (!note.empty()) in.warn(fmt::format("column '{}' is {}: {}", name, to_string(type), note));
  }
  const bool has_names = in.config.header && in.config.names.empty();
  if (has_names && looks_like_data(in.schema)) {
    in.warn(fmt::format("the header looks like data ('{}'): if it is, set data.header: false and data.names",
                        join(in.schema.names(), "', '")));
  }
}

// The dataset's columns: those of the files, and those of their folders.
void take_partitions(const Ingestion& in, Dataset& dataset) {
  std::vector<Field> fields(in.schema.begin(), in.schema.end());
  const Schema& more = in.layout.partitions.schema();
  fields.insert(fields.end(), more.begin(), more.end());
  dataset.schema = Schema(std::move(fields));
  dataset.inference_notes.resize(dataset.schema.size());
}

Digest publish_manifest(const Ingestion& in, const Dataset& dataset) {
  const std::string manifest = canonical_json(dataset);
  in.comm.agree([&] {
    if (in.comm.is_root()) in.workspace.put_object(manifest);
  });
  return digest_of(manifest);
}

void emit_done(const Ingestion& in, const IngestResult& result, double seconds) {
  if (!in.comm.is_root()) return;
  std::uint64_t bytes = 0;
  for (const SourceFile& source : in.sources) bytes += source.bytes;
  in.events.emit("ingest.done", {{"rows", result.dataset.rows()},
                                 {"rejects", result.dataset.rejects.count},
                                 {"shards", result.dataset.shards.size()},
                                 {"seconds", seconds},
                                 {"bytes", bytes},
                                 {"version", result.version.hex()}});
}

}  // namespace

IngestResult ingest(const Communicator& comm, const DataConfig& given, const std::string& name,
                    Sources& sources, const Workspace& workspace, Events& events) {
  const Stopwatch watch;
  const PlainSources plain(comm, sources, given.encoding, workspace, events);
  DataConfig config = given;
  const std::string delimiter = detect_delimiter(comm, given, plain.files(), plain.paths());
  if (!delimiter.empty()) config.delimiter = delimiter;
  Ingestion in{comm,
               config,
               csv_dialect(config),
               plain.files(),
               plain.paths(),
               workspace,
               events,
               {config.block_bytes, threads_of_rank(comm, config)},
               {},
               {},
               {}};
  std::vector<std::string> empty;
  in.pieces = plan_shards(in.sources, config.shard_bytes);
  in.layout = find_layout(comm, config, in.dialect, in.sources, in.paths, empty);
  find_shard_starts(comm, in.paths, in.dialect, in.plan, in.pieces);

  IngestResult result;
  Dataset& dataset = result.dataset;
  dataset.name = name;
  dataset.sources = plain.files();
  dataset.delimiter = delimiter;
  Loaded mine = load_typed(in, dataset);
  take_partitions(in, dataset);
  collect(in, mine, empty, dataset);
  auto statistics = merge_over_shards(comm, dataset.schema, std::move(mine.statistics));
  dataset.profile = profile_dataset(comm, dataset, std::move(statistics), workspace);
  warn_of_types(in, dataset);
  result.version = publish_manifest(in, dataset);
  emit_done(in, result, watch.seconds());
  return result;
}

}  // namespace millrace
