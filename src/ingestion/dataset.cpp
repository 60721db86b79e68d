#include "ingestion/dataset.hpp"

#include <string_view>

#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr int kManifestFormat = 1;
const std::string kWhat = "dataset manifest";

Digest digest_from(const Json& json, const std::string& key) {
  const auto hex = json_get<std::string>(json, key, kWhat);
  return hex.empty() ? Digest() : Digest::from_hex(hex);
}

}  // namespace

std::uint64_t Dataset::rows() const {
  std::uint64_t rows = 0;
  for (const ShardEntry& shard : shards) rows += shard.rows;
  return rows;
}

std::vector<std::uint64_t> Dataset::first_records() const {
  std::vector<std::uint64_t> first;
  std::uint64_t records = 0;
  for (const ShardEntry& shard : shards) {
    first.push_back(records);
    records += shard.records;
  }
  return first;
}

void to_json(Json& json, const SourceFile& source) {
  json = {{"name", source.name}, {"bytes", source.bytes}, {"sha256", source.digest.hex()}};
  if (source.unpacked_bytes) json["unpacked_bytes"] = *source.unpacked_bytes;
  if (source.encoding != "utf-8") json["encoding"] = source.encoding;
}
void from_json(const Json& json, SourceFile& source) {
  source = {json_get<std::string>(json, "name", kWhat), json_get<std::uint64_t>(json, "bytes", kWhat),
            digest_from(json, "sha256")};
  if (json.contains("unpacked_bytes"))
    source.unpacked_bytes = json_get<std::uint64_t>(json, "unpacked_bytes", kWhat);
  if (json.contains("encoding")) source.encoding = json_get<std::string>(json, "encoding", kWhat);
}

void to_json(Json& json, const ShardEntry& shard) {
  json = {{"object", shard.object.hex()},
          {"rows", shard.rows},
          {"records", shard.records},
          {"source", shard.source},
          {"first_byte", shard.first_byte}};
}
void from_json(const Json& json, ShardEntry& shard) {
  shard = {digest_from(json, "object"), json_get<std::uint64_t>(json, "rows", kWhat),
           json_get<std::uint64_t>(json, "records", kWhat), json_get<std::uint32_t>(json, "source", kWhat),
           json_get<std::uint64_t>(json, "first_byte", kWhat)};
}

void to_json(Json& json, const RejectSummary& rejects) {
  json = {{"count", rejects.count}, {"samples", rejects.samples}, {"table", rejects.table.hex()}};
  if (rejects.count == 0) return;  // as earlier versions wrote it: versions of clean data stay what they were
  json["kinds"] = rejects.kinds;
  json["table_hdf5"] = rejects.table_hdf5.hex();
}
void from_json(const Json& json, RejectSummary& rejects) {
  rejects.count = json_get<std::uint64_t>(json, "count", kWhat);
  rejects.samples = json_get<Json>(json, "samples", kWhat);
  rejects.table = digest_from(json, "table");
  rejects.kinds.clear();
  rejects.table_hdf5 = {};
  if (!json.contains("kinds")) return;  // nothing was rejected, or an earlier version wrote it
  rejects.kinds = json_get<std::map<std::string, std::uint64_t>>(json, "kinds", kWhat);
  rejects.table_hdf5 = digest_from(json, "table_hdf5");
}

void to_json(Json& json, const ColumnProfile& profile) {
  json = {
      {"statistics", profile.statistics}, {"quantiles", profile.quantiles}, {"histogram", profile.histogram}};
}
void from_json(const Json& json, ColumnProfile& profile) {
  profile = {json_get<ColumnStatistics>(json, "statistics", kWhat),
             json_get<std::vector<double>>(json, "quantiles", kWhat),
             json_get<std::vector<std::uint64_t>>(json, "histogram", kWhat)};
}

void to_json(Json& json, const Dataset& dataset) {
  json = {{"format", kManifestFormat},  {"name", dataset.name},
          {"schema", dataset.schema},   {"sources", dataset.sources},
          {"shards", dataset.shards},   {"rejects", dataset.rejects},
          {"profile", dataset.profile}, {"inference_notes", dataset.inference_notes}};
  if (!dataset.delimiter.empty()) json["delimiter"] = dataset.delimiter;
}
void from_json(const Json& json, Dataset& dataset) {
  if (const int format = json_get<int>(json, "format", kWhat); format != kManifestFormat) {
    throw Error(Topic::kNewerFormat, "the {} has format {}; this version reads format {}", kWhat, format,
                kManifestFormat);
  }
  dataset.name = json_get<std::string>(json, "name", kWhat);
  dataset.schema = json_get<Schema>(json, "schema", kWhat);
  dataset.sources = json_get<std::vector<SourceFile>>(json, "sources", kWhat);
  if (json.contains("delimiter")) dataset.delimiter = json_get<std::string>(json, "delimiter", kWhat);
  dataset.shards = json_get<std::vector<ShardEntry>>(json, "shards", kWhat);
  dataset.rejects = json_get<RejectSummary>(json, "rejects", kWhat);
  dataset.profile = json_get<std::vector<ColumnProfile>>(json, "profile", kWhat);
  dataset.inference_notes = json_get<std::vector<std::string>>(json, "inference_notes", kWhat);
}

}  // namespace millrace
