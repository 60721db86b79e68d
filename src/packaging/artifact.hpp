// The serving artifact: one reproducible .tar.zst that holds all that serving needs. Layout: docs/formats.md,
// "Artifact".
//   manifest.json  plan.json  weights.h5  golden.json  (digests of the parts in the manifest)
// No MPI, no training code: the server links this.
#pragma once

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "model/scorer.hpp"

namespace millrace {

// Rows of raw input (as JSON objects column → value, null for missing) with the predictions they must give.
struct GoldenRows {
  Json rows = Json::array();
  std::vector<float> predictions;  // rows × outputs
};

struct Artifact {
  std::string model;          // registered name
  std::uint64_t version = 0;  // in the registry
  Json lineage;  // dataset, features, weights digests, run, metrics, configuration digest, code version
  Scorer scorer;
  GoldenRows golden;
};

// Byte-identical for equal content. Written through PendingFile rules by the caller: `path` is written as it
// is.
void write_artifact(const std::string& path, const Artifact& artifact);
// Checks every part against the manifest. Throws kResource naming the part and what is wrong with it.
Artifact read_artifact(const std::string& path);

// Runs the golden rows. Throws kGateNotPassed with the first row that differs by more than the tolerance
// (1e-5 absolute or relative: the same code in float32 on another machine may round differently).
void check_golden_rows(const Artifact& artifact);

// One JSON object (column → value; null or absent: missing) per row → a table with the plan's input columns.
// Values are checked against the column types; throws kUsage naming row and column. Unknown keys are an
// error.
Table table_from_json_rows(const Json& rows, const Schema& schema);

}  // namespace millrace
