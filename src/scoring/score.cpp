#include "scoring/score.hpp"

#include <algorithm>
#include <filesystem>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"
#include "base/publish.hpp"
#include "base/scratch_folder.hpp"
#include "base/signals.hpp"
#include "base/topics.hpp"
#include "base/watchdog.hpp"
#include "scoring/scored_source.hpp"
#include "scoring/scores_csv.hpp"
#include "scoring/scores_manifest.hpp"

namespace millrace {

namespace {

using Parts = std::map<std::size_t, ScoresPart>;  // by number

// Rank 0's work; all ranks get what it returns.
template <class Work>
Json on_root(const Communicator& comm, Work&& work) {
  std::string told = comm.agree([&] { return comm.is_root() ? Json(work()).dump() : ""; });
  comm.broadcast(told);
  return Json::parse(told);
}

Parts find_parts(const ScoreOutput& output, const std::vector<std::size_t>& owned) {
  Parts parts;
  for (const std::size_t number : owned) {
    if (auto part = find_part(output.folder, number)) parts.emplace(number, std::move(*part));
  }
  return parts;
}

std::map<std::size_t, std::uint64_t> records_of(const Parts& parts) {
  std::map<std::size_t, std::uint64_t> records;
  for (const auto& [number, part] : parts) records[number] = part.records;
  return records;
}

std::vector<std::size_t> missing_of(const std::vector<std::size_t>& owned, const Parts& parts) {
  std::vector<std::size_t> missing;
  for (const std::size_t number : owned) {
    if (!parts.contains(number)) missing.push_back(number);
  }
  return missing;
}

// This rank's missing parts. Every part is whole when a stop is looked for, so nothing is lost.
void write_parts(const ScoredSource& source, const ScoreOutput& output, bool compares, Parts& parts) {
  const std::vector<std::size_t> missing = missing_of(source.owned(), parts);
  const PartWriter::Place place{output.folder, output.format, compares};
  ProgressLine progress("scoring", output.shows_progress && !missing.empty());
  std::size_t done = 0;
  std::unique_ptr<PartWriter> writer;
  source.score(missing, output.format == ScoreFormat::kCsv, [&](const BlockOfPiece& at, ScoredBlock&& block) {
    const std::size_t blocks = source.pieces()[at.piece].blocks;
    if (at.block == 0) writer = PartWriter::make(place, source.columns(), at.piece, blocks);
    writer->append(std::move(block));
    if (at.block + 1 < blocks) return;
    parts.emplace(at.piece, writer->finish(source.name_of(at.piece), source.first_row(at.piece)));
    writer.reset();
    progress.update(static_cast<double>(++done) / static_cast<double>(missing.size()), "");
    if (stop_requested() && done < missing.size()) {
      throw Error(Topic::kStopped, "stopped after {} of {} parts; run again to go on", done, missing.size());
    }
  });
}

// Those of all ranks, in order.
std::vector<ScoresPart> gather_parts(const Communicator& comm, const Parts& mine, std::size_t pieces) {
  Json told = Json::array();
  for (const auto& [number, part] : mine) told.push_back({number, part});
  std::vector<ScoresPart> parts(pieces);
  for (const std::string& theirs : comm.all_gather(told.dump())) {
    for (const Json& item : Json::parse(theirs))
      parts[item[0].get<std::size_t>()] = item[1].get<ScoresPart>();
  }
  return parts;
}

bool ends_in(const std::string& path, std::initializer_list<const char*> endings) {
  return std::ranges::any_of(endings, [&](const char* ending) { return path.ends_with(ending); });
}

// Of one process's scores that are kept nowhere.
void count_block(ScoredBlock&& block, ScoresPart& all) {
  all.records += block.rows.record_count;
  all.rows += block.rows.records.size();
  for (const auto& [kind, count] : block.rejected) all.rejected[kind] += count;
  for (std::string& sample : block.rejected_samples) {
    if (all.rejected_samples.size() == kRejectedSamples) return;
    log_warning("no score: {}", sample);
    all.rejected_samples.push_back(std::move(sample));
  }
}

std::string folder_for_unpacking() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) throw resource_error("there is no folder for temporary files: {}; set TMPDIR", error.message());
  return folder.string();
}

}  // namespace

void require_comparable(const ScoringModel& model, const ScoringModel& against) {
  const TargetPlan& first = model.artifact.scorer.plan().target;
  const TargetPlan& second = against.artifact.scorer.plan().target;
  if (first.task == second.task && first.classes == second.classes) return;
  throw usage_error(
      "the two models cannot be compared: one predicts '{}' ({}), the other '{}' ({}), which needs to be the "
      "same "
      "task with the same classes in the same order",
      first.column, first.task, second.column, second.task);
}

ScoreOutput output_for(const std::string& out, ScoreFormat format) {
  if (ends_in(out, {".csv"})) return {out + ".parts", ScoreFormat::kCsv, out};
  if (ends_in(out, {".h5", ".hdf5"})) return {out + ".parts", ScoreFormat::kHdf5, out};
  return {out, format, format == ScoreFormat::kHdf5 ? out + "/scores.h5" : ""};
}

Json score_to_files(const Communicator& comm, const ScoringRequest& request, const ScoreOutput& output) {
  comm.agree([&] {
    if (!comm.is_root()) return;
    make_folder(output.folder);
    remove_abandoned_files(output.folder);
  });
  share_positions(output.folder + "/scratch/positions");
  const Workspace workspace(output.folder + "/scratch");
  ScoredSource source(comm, request, workspace, DigestUse::kRemembered);
  const Json identity = scores_identity(request, output, source.files(), source.reading());
  Json manifest = on_root(comm, [&] { return claim_folder(output, identity); });
  if (!manifest.is_null()) return manifest;
  source.open();
  Parts mine = comm.agree([&] { return find_parts(output, source.owned()); });
  source.number_rows(records_of(mine));
  comm.agree([&] { write_parts(source, output, request.against != nullptr, mine); });
  const auto parts = gather_parts(comm, mine, source.pieces().size());
  return on_root(comm, [&] {
    manifest = scores_manifest(request, identity, source.columns(), parts);
    publish_rejected(output, manifest, request.data.max_rejected_share);
    publish_scores(output, source.columns(), manifest);
    return manifest;
  });
}

Json score_to_sink(const ScoringRequest& request, const std::function<void(std::string_view)>& sink) {
  const Communicator alone = Communicator::self();
  const ScratchFolder scratch(folder_for_unpacking(), "millrace-scores");
  const Workspace workspace(scratch.path());
  ScoredSource source(alone, request, workspace, DigestUse::kNone);
  source.open();
  source.number_rows({});
  sink(scores_header(source.columns()));
  ScoresPart all;
  if (request.against != nullptr) all.comparison.emplace();
  source.score(source.owned(), true, [&](const BlockOfPiece&, ScoredBlock&& block) {
    sink(block.csv);
    if (all.comparison) all.comparison->merge(block.comparison);
    count_block(std::move(block), all);
  });
  Json manifest = scores_manifest(request, Json::object(), source.columns(), {all});
  manifest.erase("parts");
  manifest.erase("identity");
  require_few_rejected(manifest, request.data.max_rejected_share, "");
  return manifest;
}

}  // namespace millrace
