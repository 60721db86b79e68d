#include "ingestion/kept_files.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/reading_settings.hpp"

namespace millrace {

namespace {

constexpr const char* kAction = "file";
constexpr int kKeptFormat = 2;

// How many records may be rejected changes nothing of a file that was read.
Digest file_key(const DataConfig& config, const SourceFile& file, Json& parts) {
  Json settings = reading_settings(config);
  settings.erase("max_rejected");
  settings.erase("max_rejected_share");
  parts = {{"numerics", kIngestNumerics},
           {"settings", settings},
           {"name", file.name},
           {"sha256", file.digest.hex()}};
  return digest_of(canonical_json(parts));
}

bool has_shards(const FileContents& contents, const Workspace& workspace) {
  return std::ranges::all_of(contents.shards, [&](const auto& shard) {
    return shard.second.object.empty() || workspace.has_object(shard.second.object);
  });
}

// `contents` where the file is kept. Whatever is wrong with what was written costs no more than reading the
// file.
std::optional<KeptFile> read_kept(const DataConfig& config, const SourceFile& file,
                                  const Workspace& workspace, FileContents& contents) {
  try {
    Json parts;
    const auto action = workspace.find_action(kAction, file_key(config, file, parts));
    if (!action) return std::nullopt;
    const Digest object = Digest::from_hex(action->at("output").at("kept").get<std::string>());
    if (!workspace.has_object(object)) return std::nullopt;
    const Json document = parse_json(workspace.get_object(object), "record of a file");
    if (document.at("format") != kKeptFormat) return std::nullopt;
    contents = document.at("contents").get<FileContents>();
    if (!has_shards(contents, workspace)) return std::nullopt;
    return document.at("file").get<KeptFile>();
  } catch (const std::exception& error) {
    log_warning("'{}' is read again: what was kept of it is no use: {}", file.name, error.what());
    return std::nullopt;
  }
}

bool is_whole(const FileContents& contents) {
  return std::ranges::all_of(contents.shards, [](const auto& shard) {
    return shard.second.rejects.size() == shard.second.reject_counts.total();
  });
}

void keep_file(const DataConfig& config, const KeptFile& file, const FileContents& contents,
               const Workspace& workspace) {
  if (!is_whole(contents)) return;
  const Json document{{"format", kKeptFormat}, {"file", file}, {"contents", contents}};
  Json shards = Json::array();
  for (const auto& [number, shard] : contents.shards) {
    if (!shard.object.empty()) shards.push_back(shard.object.hex());
  }
  Json parts;
  const Digest key = file_key(config, file.file, parts);
  workspace.record_action(
      kAction, key,
      {{"key", parts},
       {"output", {{"kept", workspace.put_object(canonical_json(document)).hex()}, {"shards", shards}}}});
}

}  // namespace

void FileContents::add(std::size_t number, FileShard shard, const std::vector<ColumnStatistics>& statistics) {
  for (std::size_t i = distinct.size(); i < statistics.size(); ++i) distinct.emplace_back(statistics[i].type);
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    distinct[i].merge(statistics[i].distinct);
    distinct[i].pack_buckets();
    ColumnStatistics& column = shard.statistics.emplace_back(statistics[i]);
    column.distinct = DistinctCounter(column.type);
  }
  shards.emplace(number, std::move(shard));
}

void FileContents::merge(FileContents&& other) {
  shards.merge(other.shards);
  for (std::size_t i = distinct.size(); i < other.distinct.size(); ++i)
    distinct.emplace_back(other.distinct[i].type());
  for (std::size_t i = 0; i < other.distinct.size(); ++i) distinct[i].merge(other.distinct[i]);
  merge_into(evidence, other.evidence);
}

void to_json(Json& json, const FileShard& shard) {
  json = {{"object", shard.object.hex()},       {"rows", shard.rows},
          {"records", shard.records},           {"begin", shard.begin},
          {"rejected", shard.reject_counts.of}, {"rejects", shard.rejects},
          {"statistics", shard.statistics}};
}

void from_json(const Json& json, FileShard& shard) {
  const auto object = json.at("object").get<std::string>();
  shard.object = object.empty() ? Digest() : Digest::from_hex(object);
  shard.rows = json.at("rows");
  shard.records = json.at("records");
  shard.begin = json.at("begin");
  shard.reject_counts.of = json.at("rejected");
  shard.rejects = json.at("rejects").get<std::vector<Json>>();
  shard.statistics = json.at("statistics").get<std::vector<ColumnStatistics>>();
}

void to_json(Json& json, const FileContents& contents) {
  json = {{"shards", contents.shards}, {"distinct", Json::array()}, {"evidence", contents.evidence}};
  for (const DistinctCounter& column : contents.distinct) json["distinct"].push_back(with_buckets(column));
}

void from_json(const Json& json, FileContents& contents) {
  contents.shards = json.at("shards").get<std::map<std::size_t, FileShard>>();
  contents.distinct = json.at("distinct").get<std::vector<DistinctCounter>>();
  contents.evidence = json.at("evidence").get<std::vector<Evidence>>();
}

std::string misfit(const KeptFile& kept, const Schema& now) {
  for (std::size_t i = 0; i < std::min(kept.schema.size(), now.size()); ++i) {
    const auto& [name, type] = now[i];
    if (kept.schema[i].name == name && kept.schema[i].type != type)
      return fmt::format("column '{}' is {} by all files, and {} as '{}' was read before", name,
                         to_string(type), to_string(kept.schema[i].type), kept.file.name);
  }
  return fmt::format("the columns are no longer those of '{}' as it was read before", kept.file.name);
}

void to_json(Json& json, const KeptFile& kept) {
  json = {{"source", kept.file},
          {"schema", kept.schema},
          {"format", kept.format},
          {"delimiter", kept.delimiter},
          {"description", kept.description}};
}

void from_json(const Json& json, KeptFile& kept) {
  kept = {json.at("source").get<SourceFile>(), json.at("schema").get<Schema>(),
          json.at("format").get<std::string>(), json.at("delimiter").get<std::string>(),
          json.at("description")};
}

const KeptFile* KeptFiles::find(std::size_t source) const {
  const auto found = files.find(source);
  return found == files.end() ? nullptr : &found->second;
}

void KeptFiles::erase(std::size_t source) {
  files.erase(source);
  mine.erase(source);
}

std::vector<Evidence> KeptFiles::evidence() const {
  std::vector<Evidence> all;
  for (const auto& [source, contents] : mine) merge_into(all, contents.evidence);
  return all;
}

KeptFiles find_kept_files(const Communicator& comm, const DataConfig& config,
                          const std::vector<SourceFile>& sources, const Workspace& workspace) {
  KeptFiles kept;
  const Json told = comm.agree([&] {
    Json found = Json::array();
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (!owns_shard(comm, i) || sources[i].bytes == 0) continue;
      FileContents contents;
      const auto file = read_kept(config, sources[i], workspace, contents);
      if (!file) continue;
      found.push_back({i, *file});
      for (Evidence& column : contents.evidence) column.stands_in(i);
      kept.mine.emplace(i, std::move(contents));
    }
    return found;
  });
  for (const std::string& part : comm.all_gather(told.dump())) {
    for (const Json& found : Json::parse(part)) kept.files.emplace(found[0], found[1].get<KeptFile>());
  }
  return kept;
}

void keep_files(const Communicator& comm, const DataConfig& config,
                const std::map<std::size_t, KeptFile>& files, std::map<std::size_t, FileContents>&& mine,
                const Workspace& workspace) {
  const auto ranks = static_cast<std::size_t>(comm.size());
  std::vector<Json> to(ranks, Json::array());
  std::map<std::size_t, FileContents> owned;
  for (auto& [source, contents] : mine) {
    if (owns_shard(comm, source)) {
      owned[source].merge(std::move(contents));
    } else {
      to[source % ranks].push_back({source, contents});
    }
  }
  std::vector<std::string> texts;
  for (const Json& json : to) texts.push_back(json.dump());
  for (const std::string& part : comm.all_to_all(texts)) {
    for (const Json& told : Json::parse(part))
      owned[told[0].get<std::size_t>()].merge(told[1].get<FileContents>());
  }
  comm.agree([&] {
    for (const auto& [source, contents] : owned) keep_file(config, files.at(source), contents, workspace);
  });
}

}  // namespace millrace
