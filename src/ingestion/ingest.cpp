#include "ingestion/ingest.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "ingestion/dataset_profile.hpp"
#include "ingestion/kept_files.hpp"
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
  KeptFiles& kept;

  [[nodiscard]] const RowPlan& plan() const { return reader.plan(); }

  void warn(const std::string& message) const {
    if (!comm.is_root()) return;
    log_warning("{}", message);
    events.emit("ingest.warning", {{"message", message}});
  }
};

// The dataset's columns: those of the files, and those of their folders.
Schema schema_of(const RowPlan& plan) {
  std::vector<Field> fields(plan.schema.begin(), plan.schema.end());
  fields.insert(fields.end(), plan.partitions.schema().begin(), plan.partitions.schema().end());
  return Schema(std::move(fields));
}

// Whether the kept shards are what would be made now; those files of which they are not are no longer kept.
bool kept_fit(const Ingestion& in) {
  const Schema schema = schema_of(in.plan());
  std::vector<std::size_t> misfits;
  for (const auto& [source, kept] : in.kept.files) {
    if (kept.schema != schema || kept.delimiter != in.plan().delimiter) misfits.push_back(source);
  }
  if (misfits.empty()) return true;
  const std::string why = misfit(in.kept.files.at(misfits.front()), schema);
  if (in.comm.is_root()) {
    log_info("{}: read anew: {}", why, human_count(misfits.size()) + " files");
    in.events.emit("ingest.anew", {{"files", misfits.size()}, {"reason", why}});
  }
  for (const std::size_t source : misfits) in.kept.erase(source);
  return false;
}

// What this rank made of its pieces, by their numbers.
struct Loaded {
  std::map<std::size_t, ShardEntry> entries;
  std::map<std::size_t, RejectCounts> reject_counts;
  std::map<std::size_t, std::vector<Json>> rejects;
  ShardStatistics statistics;
  std::map<std::size_t, FileContents> contents;  // of the files that were read, by their numbers
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

std::size_t first_piece(const Ingestion& in, std::size_t source) {
  const auto first = std::ranges::find(in.plan().pieces, source, &RowPiece::source);
  return static_cast<std::size_t>(first - in.plan().pieces.begin());
}

FileShard file_shard(const LoadedShard& loaded, const std::string& file) {
  const ShardEntry& entry = loaded.entry;
  FileShard shard{entry.object, entry.rows, entry.records, entry.first_byte, loaded.reject_counts, {}, {}};
  for (const Reject& reject : loaded.rejects) shard.rejects.push_back(reject_json(reject, file));
  return shard;
}

void take_shard(std::size_t piece, const FileShard& shard, Loaded& mine) {
  mine.entries[piece] = {shard.object, shard.rows, shard.records};
  mine.reject_counts[piece] = shard.reject_counts;
  if (!shard.rejects.empty()) mine.rejects[piece] = shard.rejects;
}

Loaded load_pieces(const Ingestion& in) {
  Loaded mine;
  const ShardLoading loading{in.reader, in.sources, in.workspace, in.threads};
  const auto take = [&](std::size_t i, LoadedShard&& loaded) {
    emit_shard(in, i, loaded);
    const std::size_t source = loaded.entry.source;
    FileShard shard = file_shard(loaded, in.sources[source].name);
    take_shard(i, shard, mine);
    mine.contents[source].add(i - first_piece(in, source), std::move(shard), loaded.statistics);
    if (loaded.entry.records > 0) mine.statistics.add(i, std::move(loaded.statistics));
  };
  const std::vector<std::size_t> owned = owned_shards(in.comm, in.plan().pieces.size());
  for (auto& [source, evidence] : load_shards(loading, owned, kRejectTableRows, take))
    mine.contents[source].evidence = std::move(evidence);
  return mine;
}

// The shards of the kept files that this rank answers for.
void take_kept(const Ingestion& in, Loaded& mine) {
  for (const auto& [source, contents] : in.kept.mine) {
    std::vector<DistinctCounter> distinct = contents.distinct;  // with the first shard that has statistics
    for (const auto& [number, shard] : contents.shards) {
      const std::size_t piece = first_piece(in, source) + number;
      take_shard(piece, shard, mine);
      std::vector<ColumnStatistics> statistics = shard.statistics;
      for (std::size_t i = 0; i < std::min(statistics.size(), distinct.size()); ++i)
        statistics[i].distinct = std::move(distinct[i]);
      if (!statistics.empty()) distinct.clear();
      if (shard.records > 0) mine.statistics.add(piece, std::move(statistics));
    }
  }
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

// What all values of all files say of types, as far as this rank knows.
std::vector<Evidence> evidence_of(const Ingestion& in, const Loaded& mine) {
  std::vector<Evidence> all = in.kept.evidence();
  for (const auto& [source, contents] : mine.contents) merge_into(all, contents.evidence);
  return all;
}

// The types are settled: what the files say of them is not asked again.
void load_again(const Ingestion& in, Loaded& mine) {
  std::map<std::size_t, std::vector<Evidence>> evidence;
  for (auto& [source, contents] : mine.contents) evidence[source] = std::move(contents.evidence);
  mine = {};  // as large as what comes
  mine = in.comm.agree([&] { return load_pieces(in); });
  for (auto& [source, known] : evidence) mine.contents[source].evidence = std::move(known);
}

// Shards by the types of the plan, and where those were guesses and all values together say otherwise, by
// those that they say. Nothing where that makes kept shards useless.
std::optional<Loaded> load_typed(const Ingestion& in) {
  const Schema guess = in.plan().schema;
  Loaded mine = in.comm.agree([&] { return load_pieces(in); });
  if (in.reader.settle_types(in.comm, evidence_of(in, mine))) {
    emit_retyped(in, guess);
    if (!kept_fit(in)) return std::nullopt;
    load_again(in, mine);
  }
  take_kept(in, mine);
  return mine;
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

void take_columns(const Ingestion& in, Dataset& dataset) {
  dataset.schema = schema_of(in.plan());
  dataset.inference_notes = in.plan().notes;
  dataset.inference_notes.resize(dataset.schema.size());
}

void take_profile(const Ingestion& in, std::vector<ColumnStatistics> statistics, Dataset& dataset) {
  DatasetProfile profile = profile_dataset(in.comm, dataset, std::move(statistics), in.workspace, true);
  dataset.profile = std::move(profile.columns);
  if (in.comm.is_root() && !profile.read.empty()) in.events.emit("ingest.profile", {{"read", profile.read}});
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
                                 {"kept_files", result.kept_files},
                                 {"version", result.version.hex()}});
}

// The files that were read, for the next ingestion.
void keep(const Ingestion& in, const Dataset& dataset, std::map<std::size_t, FileContents> contents) {
  const RowPlan& plan = in.plan();
  std::map<std::size_t, KeptFile> files;
  for (std::size_t i = 0; i < in.sources.size(); ++i) {
    if (in.kept.find(i) != nullptr) continue;
    files[i] = {in.sources[i], dataset.schema, plan.format, plan.delimiter, plan.descriptions[i]};
  }
  keep_files(in.comm, in.config, files, std::move(contents), in.workspace);
}

// Nothing where some of what is kept turned out to be of no use.
std::optional<IngestResult> ingest_all(const Ingestion& in, const std::string& name) {
  if (!kept_fit(in)) return std::nullopt;
  std::optional<Loaded> mine = load_typed(in);
  if (!mine) return std::nullopt;
  IngestResult result;
  result.kept_files = in.kept.files.size();
  Dataset& dataset = result.dataset;
  dataset.name = name;
  dataset.sources = in.sources;
  dataset.delimiter = in.plan().delimiter;
  take_columns(in, dataset);
  collect(in, *mine, dataset);
  keep(in, dataset, std::move(mine->contents));
  auto statistics = merge_over_shards(in.comm, dataset.schema, std::move(mine->statistics));
  take_profile(in, std::move(statistics), dataset);
  warn_of_types(in, dataset);
  result.version = publish_manifest(in, dataset);
  return result;
}

}  // namespace

IngestResult ingest(const Communicator& comm, const DataConfig& config, const std::string& name,
                    Sources& sources, const Workspace& workspace, Events& events) {
  const Stopwatch watch;
  const std::size_t threads = threads_of_rank(comm, config);
  KeptFiles kept = find_kept_files(comm, config, sources.files(), workspace);
  while (true) {
    const PlainSources plain(comm, sources, config.encoding, threads, workspace, events, kept);
    const auto reader = read_sources(comm, {config, plain.files(), plain.paths(), threads, nullptr, &kept});
    const Ingestion in{comm, config, plain.files(), workspace, events, *reader, threads, kept};
    if (const auto result = ingest_all(in, name)) {
      emit_done(in, *result, watch.seconds());
      return *result;
    }
  }
}

}  // namespace millrace
