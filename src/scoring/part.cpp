#include "scoring/part.hpp"

#include <filesystem>
#include <mutex>

#include <fcntl.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "ingestion/shard_builder.hpp"
#include "scoring/scores_csv.hpp"
#include "storage/data_shard.hpp"
#include "storage/hdf5_table.hpp"

namespace millrace {

namespace {

class CsvPart : public PartWriter {
 public:
  CsvPart(const Place& place, const ScoreColumns& columns, std::size_t number)
      : PartWriter(place, number), file_(path()) {
    const std::string& to = file_.temporary_path();
    fd_ = UniqueFd(file_operations().open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644));
    if (!fd_.valid()) throw errno_error("create", to, errno);
    add(scores_header(columns));
  }

 private:
  void add(std::string_view text) {
    write_all(fd_.get(), text, file_.temporary_path());
    sha_.update(text);
    bytes_ += text.size();
  }
  void write(ScoredBlock&& block) override { add(block.csv); }
  void publish(ScoresPart& part) override {
    fd_ = UniqueFd();
    part.bytes = bytes_;
    part.digest = sha_.finish();
    file_.commit();
  }

  PendingFile file_;
  UniqueFd fd_;
  Sha256 sha_;
  std::uint64_t bytes_ = 0;
};

class Hdf5Part : public PartWriter {
 public:
  Hdf5Part(const Place& place, const ScoreColumns& columns, std::size_t number, std::size_t blocks)
      : PartWriter(place, number), builder_(columns.schema, blocks) {}

 private:
  void write(ScoredBlock&& block) override { builder_.append(std::move(block.rows), 0); }
  void publish(ScoresPart& part) override {
    builder_.close();
    PendingFile file(path());
    {
      const std::scoped_lock alone(hdf5::library_mutex());  // other threads may be reading a source
      write_data_shard(file.temporary_path(), builder_.shard(), {{"source", part.source}});
    }
    part.digest = digest_of_file(file.temporary_path());
    part.bytes = std::filesystem::file_size(file.temporary_path());
    file.commit();
  }

  ShardBuilder builder_;
};

void add_kinds(RejectKinds& to, const RejectKinds& from) {
  for (const auto& [kind, count] : from) to[kind] += count;
}

}  // namespace

void to_json(Json& json, const ScoresPart& part) {
  json = {{"file", part.file},
          {"source", part.source},
          {"first_row", part.first_row},
          {"records", part.records},
          {"rows", part.rows},
          {"bytes", part.bytes},
          {"sha256", part.digest.hex()},
          {"rejected", part.rejected},
          {"rejected_samples", part.rejected_samples}};
  if (part.comparison) json["comparison"] = *part.comparison;
}

void from_json(const Json& json, ScoresPart& part) {
  part = {json.at("file"),
          json.at("source"),
          json.at("first_row"),
          json.at("records"),
          json.at("rows"),
          json.at("bytes"),
          Digest::from_hex(json.at("sha256")),
          json.at("rejected"),
          json.at("rejected_samples"),
          {}};
  if (json.contains("comparison")) part.comparison = json["comparison"].get<Comparison>();
}

std::string part_file(std::size_t number, ScoreFormat format) {
  return fmt::format("part-{:06}.{}", number, format == ScoreFormat::kCsv ? "csv" : "h5");
}
std::string part_record_file(std::size_t number) {
  return fmt::format("part-{:06}.json", number);
}
std::string part_rejected_file(std::size_t number) {
  return fmt::format("part-{:06}.rejected.csv", number);
}

std::optional<ScoresPart> find_part(const std::string& folder, std::size_t number) {
  const std::string path = folder + "/" + part_record_file(number);
  if (!path_exists(path)) return std::nullopt;
  auto part = parse_document<ScoresPart>(read_file(path), "'" + path + "'");
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(folder + "/" + part.file, missing);
  if (missing || bytes != part.bytes) return std::nullopt;
  return part;
}

std::unique_ptr<PartWriter> PartWriter::make(const Place& place, const ScoreColumns& columns,
                                             std::size_t number, std::size_t blocks) {
  if (place.format == ScoreFormat::kCsv) return std::make_unique<CsvPart>(place, columns, number);
  return std::make_unique<Hdf5Part>(place, columns, number, blocks);
}

PartWriter::PartWriter(const Place& place, std::size_t number) : place_(place), number_(number) {
  part_.file = part_file(number, place.format);
  if (place.compares) part_.comparison.emplace();
}

void PartWriter::append(ScoredBlock&& block) {
  part_.records += block.rows.record_count;
  part_.rows += block.rows.records.size();
  add_kinds(part_.rejected, block.rejected);
  rejected_csv_ += block.rejected_csv;
  for (const std::string& sample : block.rejected_samples) {
    if (part_.rejected_samples.size() < kRejectedSamples) part_.rejected_samples.push_back(sample);
  }
  if (part_.comparison) part_.comparison->merge(block.comparison);
  write(std::move(block));
}

ScoresPart PartWriter::finish(const std::string& source, std::uint64_t first_row) {
  part_.source = source;
  part_.first_row = first_row;
  publish(part_);
  const std::string rejected = place_.folder + "/" + part_rejected_file(number_);
  if (!rejected_csv_.empty()) publish_file(rejected, kRejectedHeader + rejected_csv_);
  publish_file(place_.folder + "/" + part_record_file(number_), canonical_json(part_));
  return part_;
}

}  // namespace millrace
