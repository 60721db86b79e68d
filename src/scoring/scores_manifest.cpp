#include "scoring/scores_manifest.hpp"

#include <filesystem>

#include <fcntl.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "scoring/scores_csv.hpp"
#include "storage/data_view.hpp"

namespace millrace {

namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;

Json model_json(const ScoringModel& model) {
  return {
      {"model", model.artifact.model}, {"version", model.artifact.version}, {"artifact", model.digest.hex()}};
}

std::string name_of(const Json& model) {
  return fmt::format("{}/{}", json_get<std::string>(model, "model", "scoring.json"),
                     json_get<std::uint64_t>(model, "version", "scoring.json"));
}

std::string file_name(const std::string& path) {
  return fs::path(path).filename().string();
}

// A file of these bytes is where the manifest says that the parts were put together.
bool is_there(const ScoreOutput& output, const Json& manifest) {
  if (output.file.empty()) return true;
  std::error_code missing;
  const auto bytes = fs::file_size(output.file, missing);
  return !missing && manifest.contains("out") && manifest["out"].at("bytes") == bytes;
}

// Copies files, without the first bytes of each, into one that is published.
class Concatenation {
 public:
  explicit Concatenation(const std::string& path)
      : file_(path),
        fd_(file_operations().open(file_.temporary_path().c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644)) {
    if (!fd_.valid()) throw errno_error("create", file_.temporary_path(), errno);
  }

  void add(std::string_view text) {
    write_all(fd_.get(), text, file_.temporary_path());
    sha_.update(text);
    bytes_ += text.size();
  }

  void add_file(const std::string& path, std::uint64_t skip) {
    const ReadableFile from(path);
    std::string piece(kPieceBytes, '\0');
    for (std::uint64_t at = skip; at < from.size();) {
      const std::size_t got = from.read_at(at, piece);
      if (got == 0) throw Error(Topic::kFileChanged, "'{}' shrank while it was read", path);
      add(std::string_view(piece).substr(0, got));
      at += got;
    }
  }

  Json commit() {
    fd_ = UniqueFd();
    file_.commit();
    return {{"file", file_name(file_.final_path())}, {"bytes", bytes_}, {"sha256", sha_.finish().hex()}};
  }

 private:
  PendingFile file_;
  UniqueFd fd_;
  Sha256 sha_;
  std::uint64_t bytes_ = 0;
};

Json put_together(const ScoreOutput& output, const ScoreColumns& columns, const Json& parts) {
  const std::string header = scores_header(columns);
  Concatenation whole(output.file);
  whole.add(header);
  for (const Json& part : parts)
    whole.add_file(output.folder + "/" + part.at("file").get<std::string>(), header.size());
  return whole.commit();
}

Json show_together(const ScoreOutput& output, const ScoreColumns& columns, const Json& manifest) {
  const fs::path folder = fs::path(output.folder).lexically_normal();
  const fs::path from = fs::path(output.file).lexically_normal().parent_path();
  std::vector<ViewShard> shards;
  std::uint64_t first_record = 0;
  for (const Json& part : manifest.at("parts")) {
    const std::string path =
        (folder / part.at("file").get<std::string>()).lexically_relative(from.empty() ? "." : from);
    shards.push_back({path, part.at("rows"), first_record});
    first_record += part.at("records").get<std::uint64_t>();
  }
  PendingFile file(output.file);
  write_data_view(file.temporary_path(), columns.schema, shards, {{"identity", manifest.at("identity")}});
  const Digest digest = digest_of_file(file.temporary_path());
  const std::uint64_t bytes = fs::file_size(file.temporary_path());
  file.commit();
  return {{"file", file_name(output.file)}, {"bytes", bytes}, {"sha256", digest.hex()}};
}

void remove_parts(const ScoreOutput& output) {
  for (const std::string& name : list_folder(output.folder)) {
    if (name.starts_with("part-")) fs::remove(output.folder + "/" + name);
  }
}

Json rejected_json(const std::vector<ScoresPart>& parts) {
  RejectKinds kinds;
  std::vector<std::string> samples;
  for (const ScoresPart& part : parts) {
    for (const auto& [kind, count] : part.rejected) kinds[kind] += count;
    for (const std::string& sample : part.rejected_samples) {
      if (samples.size() < kRejectedSamples) samples.push_back(sample);
    }
  }
  return {{"count", total_of(kinds)}, {"kinds", kinds}, {"samples", samples}};
}

Json part_json(const ScoresPart& part) {
  Json json = part;
  json.erase("comparison");
  json.erase("rejected_samples");
  return json;
}

}  // namespace

Json scores_identity(const ScoringRequest& request, const ScoreOutput& output,
                     const std::vector<SourceFile>& files, const Json& reading) {
  Json sources = Json::array();
  for (const SourceFile& file : files)
    sources.push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.digest.hex()}});
  Json identity{{"format", kFormat},    {"model", model_json(request.model)},
                {"sources", sources},   {"reading", reading},
                {"keep", request.keep}, {"parts", output.format == ScoreFormat::kCsv ? "csv" : "hdf5"}};
  if (request.against != nullptr) identity["against"] = model_json(*request.against);
  if (request.device != "cpu") identity["device"] = request.device;  // the scores' last bits are its own
  return identity;
}

Json claim_folder(const ScoreOutput& output, const Json& identity) {
  const std::string path = output.folder + "/scoring.json";
  if (!path_exists(path)) return publish_file(path, pretty_json(identity)), Json();
  const Json theirs = read_json_file(path);
  if (theirs != identity) {
    const Json model = json_get<Json>(theirs, "model", "'" + path + "'");
    const bool same_model = model == identity.at("model");
    throw Error(Topic::kOtherScores, "'{}' holds the scores of {}{}; choose another --out, or remove it",
                output.folder, name_of(model), same_model ? " for other data, or with other options" : "");
  }
  const std::string manifest_path = output.folder + "/manifest.json";
  if (!path_exists(manifest_path)) return {};
  Json manifest = read_json_file(manifest_path);
  return is_there(output, manifest) ? manifest : Json();
}

Json scores_manifest(const ScoringRequest& request, const Json& identity, const ScoreColumns& columns,
                     const std::vector<ScoresPart>& parts) {
  std::uint64_t rows = 0;
  std::uint64_t records = 0;
  Comparison comparison;
  Json listed = Json::array();
  for (const ScoresPart& part : parts) {
    rows += part.rows;
    records += part.records;
    if (part.comparison) comparison.merge(*part.comparison);
    listed.push_back(part_json(part));
  }
  Json manifest = model_json(request.model);
  manifest.update({{"format", kFormat},
                   {"identity", digest_of(canonical_json(identity)).hex()},
                   {"columns", columns.schema},
                   {"rows", rows},
                   {"records", records},
                   {"rejected", rejected_json(parts)},
                   {"parts", listed}});
  if (identity.contains("sources")) manifest["sources"] = identity["sources"];
  if (request.against == nullptr) return manifest;
  manifest["against"] = model_json(*request.against);
  manifest["comparison"] = report_of(comparison, request.model.artifact.scorer.plan().target);
  return manifest;
}

void require_few_rejected(const Json& manifest, double max_share, const std::string& table) {
  const Json& rejected = manifest.at("rejected");
  const auto count = rejected.at("count").get<std::uint64_t>();
  const auto records = manifest.at("records").get<std::uint64_t>();
  const double share = static_cast<double>(count) / static_cast<double>(std::max<std::uint64_t>(records, 1));
  if (count == 0 || (share <= max_share && count < records)) return;
  throw Error(Topic::kRejectedRecords,
              "{} of {} records ({:.3g} %) were rejected, and data.max_rejected_share allows {:.3g} %: {}{}; "
              "repair the "
              "source, or allow more{}",
              human_count(count), human_count(records), 100 * share, 100 * max_share,
              join(rejected.at("samples").get<std::vector<std::string>>(), "; "),
              count > kRejectedSamples ? "; …" : "",
              table.empty() ? "" : fmt::format(" (all rejected records: {})", table));
}

void publish_rejected(const ScoreOutput& output, const Json& manifest, double max_share) {
  if (manifest.at("rejected").at("count") == 0) return;
  const std::string path = output.folder + "/rejected.csv";
  Concatenation table(path);
  table.add(kRejectedHeader);
  for (std::size_t i = 0; i < manifest.at("parts").size(); ++i) {
    if (!manifest["parts"][i].at("rejected").empty())
      table.add_file(output.folder + "/" + part_rejected_file(i), std::string_view(kRejectedHeader).size());
  }
  table.commit();
  require_few_rejected(manifest, max_share, path);
}

void publish_scores(const ScoreOutput& output, const ScoreColumns& columns, Json& manifest) {
  const std::string path = output.folder + "/manifest.json";
  if (output.file.empty()) return publish_file(path, pretty_json(manifest));
  const bool is_csv = output.format == ScoreFormat::kCsv;
  manifest["out"] =
      is_csv ? put_together(output, columns, manifest.at("parts")) : show_together(output, columns, manifest);
  if (is_csv) manifest.erase("parts");
  publish_file(path, pretty_json(manifest));
  if (is_csv) remove_parts(output);
}

}  // namespace millrace
