#include "ingestion/ingest.hpp"

#include <algorithm>
#include <map>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "ingestion/dataset_profile.hpp"
#include "ingestion/merge_statistics.hpp"
#include "ingestion/plain_sources.hpp"
#include "ingestion/reject_summary.hpp"
#include "ingestion/shard_loader.hpp"
#include "ingestion/source_reader.hpp"

namespace millrace {

namespace {

// One ingestion: what all its steps look at.
struct Ingestion {
  const Communicator& comm;
  const DataConfig& config;
  const std::vector<SourceFile>& sources;
  const Workspace& workspace;
  Events& events;
  SourceReader& reader;
  std::size_t threads;

  [[nodiscard]] const RowPlan& plan() const { return reader.plan(); }

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
  in.events.emit("ingest.shard", {{"shard", piece},
                                  {"shards", in.plan().pieces.size()},
                                  {"file", in.sources[loaded.entry.source].name},
                                  {"rows", loaded.entry.rows},
                                  {"rejects", loaded.reject_counts.total()},
                                  {"bytes", in.plan().pieces[piece].bytes}});
}

Loaded load_pieces(const Ingestion& in) {
  Loaded mine;
  const ShardLoading loading{in.reader, in.sources, in.workspace, in.threads};
  const auto take = [&](std::size_t i, LoadedShard&& loaded) {
    mine.entries[i] = loaded.entry;
    mine.reject_counts[i] = loaded.reject_counts;
    const std::string& file = in.sources[loaded.entry.source].name;
    for (const Reject& reject : loaded.rejects) mine.rejects[i].push_back(reject_json(reject, file));
    emit_shard(in, i, loaded);
    if (loaded.entry.records > 0) mine.statistics.add(i, std::move(loaded.statistics));
  };
  const std::vector<std::size_t> owned = owned_shards(in.comm, in.plan().pieces.size());
  mine.evidence = load_shards(loading, owned, kRejectTableRows, take);
  return mine;
}

void emit_retyped(const Ingestion& in, const Schema& guess) {
  if (!in.comm.is_root()) return;
  Json columns = Json::array();
  for (std::size_t i = 0; i < guess.size(); ++i) {
    const Field& found = in.plan().schema[i];
    if (found.type == guess[i].type) continue;
    columns.push_back(
        {{"name", found.name}, {"guess", to_string(guess[i].type)}, {"type", to_string(found.type)}});
  }
  in.events.emit("ingest.retyped", {{"columns", columns}});
}

// Shards by the types of the plan, and where those were guesses and all values together say otherwise, by
// those that they say.
Loaded load_typed(const Ingestion& in) {
  const Schema guess = in.plan().schema;
  Loaded mine = in.comm.agree([&] { return load_pieces(in); });
  if (!in.reader.settle_types(in.comm, mine.evidence)) return mine;
  emit_retyped(in, guess);
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
  entries.resize(in.plan().pieces.size());
  reject_counts.resize(in.plan().pieces.size());
  for (const std::string& part : in.comm.all_gather(told.dump())) {
    for (const Json& shard : Json::parse(part)) {
      const std::size_t piece = shard[0];
      const auto object = shard[1].get<std::string>();
      entries[piece] = {object.empty() ? Digest() : Digest::from_hex(object), shard[2], shard[3],
                        in.plan().pieces[piece].source, in.plan().pieces[piece].begin};
      reject_counts[piece].of = shard[4];
    }
  }
}

void require_records(const Ingestion& in, std::uint64_t records) {
  if (records > 0) return;
  std::vector<std::string> names;
  for (const SourceFile& source : in.sources) names.push_back(source.name);
  throw Error(Topic::kNoRows, "'{}' {} {} and no rows", join(names, "', '"),
              names.size() == 1 ? "holds" : "hold", in.plan().without_rows);
}

void warn_of_empty_files(const Ingestion& in, const std::vector<ShardEntry>& entries) {
  const std::vector<std::string>& empty = in.plan().empty;
  std::vector<std::uint64_t> records(in.sources.size());
  for (const ShardEntry& entry : entries) records[entry.source] += entry.records;
  for (const std::string& file : empty) in.warn(fmt::format("'{}' is empty", file));
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string& name = in.sources[i].name;
    const bool is_known = std::find(empty.begin(), empty.end(), name) != empty.end();
    if (records[i] == 0 && !is_known)
      in.warn(fmt::format("'{}' holds {} and no rows", name, in.plan().without_rows));
  }
}

// What this rank's shards are, for all ranks: shards and rejects of the dataset.
void collect(const Ingestion& in, const Loaded& mine, Dataset& dataset) {
  std::vector<RejectCounts> reject_counts;
  exchange(in, mine, dataset.shards, reject_counts);
  std::erase_if(dataset.shards, [](const ShardEntry& entry) { return entry.records == 0; });
  std::uint64_t records = 0;
  for (const ShardEntry& entry : dataset.shards) records += entry.records;
  require_records(in, records);
  warn_of_empty_files(in, dataset.shards);
  dataset.rejects = summarize_rejects(in.comm, reject_counts, mine.rejects, in.workspace);
  require_few_rejects(dataset.rejects, records, in.config, in.workspace);
}

void warn_of_types(const Ingestion& in, const Dataset& dataset) {
  for (std::size_t i = 0; i < dataset.schema.size(); ++i) {
    const std::string& note = dataset.inference_notes[i];
    const auto& [name, type] = dataset.schema[i];
    if (!note.empty()) in.warn(fmt::format("column '{}' is {}: {}", name, to_string(type), note));
  }
  if (!in.plan().remark.empty()) in.warn(in.plan().remark);
}

// The dataset's columns: those of the files, and those of their folders.
void take_partitions(const Ingestion& in, Dataset& dataset) {
  std::vector<Field> fields(in.plan().schema.begin(), in.plan().schema.end());
  const Schema& more = in.plan().partitions.schema();
  fields.insert(fields.end(), more.begin(), more.end());
  dataset.schema = Schema(std::move(fields));
  dataset.inference_notes = in.plan().notes;
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

IngestResult ingest(const Communicator& comm, const DataConfig& config, const std::string& name,
                    Sources& sources, const Workspace& workspace, Events& events) {
  const Stopwatch watch;
  const std::size_t threads = threads_of_rank(comm, config);
  const PlainSources plain(comm, sources, config.encoding, threads, workspace, events);
  const auto reader = read_sources(comm, {config, plain.files(), plain.paths(), threads});
  const Ingestion in{comm, config, plain.files(), workspace, events, *reader, threads};
  IngestResult result;
  Dataset& dataset = result.dataset;
  dataset.name = name;
  dataset.sources = plain.files();
  dataset.delimiter = in.plan().delimiter;
  Loaded mine = load_typed(in);
  take_partitions(in, dataset);
  collect(in, mine, dataset);
  auto statistics = merge_over_shards(comm, dataset.schema, std::move(mine.statistics));
  dataset.profile = profile_dataset(comm, dataset, std::move(statistics), workspace);
  warn_of_types(in, dataset);
  result.version = publish_manifest(in, dataset);
  emit_done(in, result, watch.seconds());
  return result;
}

}  // namespace millrace
