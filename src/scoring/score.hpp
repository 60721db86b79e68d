// Batch scoring: the rows of any source that ingestion reads, answered by a model, in bounded memory.
//
// The scores of each piece of a source (data.shard_bytes) are a part (part.hpp), made by the rank that owns
// the piece; what a part holds depends neither on the number of ranks nor on threads, and a scoring that was
// killed or told to stop goes on with the parts that are missing. docs/scoring.md has what users see.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "scoring/columns.hpp"
#include "scoring/part.hpp"

namespace millrace {

struct ScoringRequest {
  const ScoringModel& model;
  const ScoringModel* against = nullptr;  // a second one, to be compared; null: none
  DataConfig data;                        // what is read, and how
  std::vector<std::string> keep;          // columns of the source that go along with the scores
  std::string device = "cpu";             // that the models' scorers use, on all ranks; or cuda
};
// Throws kUsage for two models whose answers cannot be compared.
void require_comparable(const ScoringModel& model, const ScoringModel& against);

// How all parts are kept: in `folder`, or put together as one file beside it.
struct ScoreOutput {
  std::string folder;
  ScoreFormat format = ScoreFormat::kCsv;
  std::string file;  // "": none. CSV: all parts in one, which go then; HDF5: a virtual dataset over them
  bool shows_progress = false;
};
// FILE.csv or FILE.h5 (.hdf5), with parts in FILE.parts; otherwise a folder for parts of `format`.
ScoreOutput output_for(const std::string& out, ScoreFormat format);

// Collective. The manifest (docs/scoring.md), the same on all ranks and for any number of them. Throws kUsage
// (kOtherScores) where the folder holds other scores, kStopped (after a part) where a signal asks for an end,
// kDataRejected where more than data.max_rejected_share of the records get no score, and what reading throws.
Json score_to_files(const Communicator& comm, const ScoringRequest& request, const ScoreOutput& output);

// The same to a sink, as CSV, by this process alone, which writes no file where the source is plain text.
// What is rejected is told as warnings. Returns what the manifest says of rows and rejected records.
Json score_to_sink(const ScoringRequest& request, const std::function<void(std::string_view)>& sink);

}  // namespace millrace
