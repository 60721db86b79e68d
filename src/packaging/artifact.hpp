// The serving artifact: one reproducible .tar.zst that holds all that serving needs. Layout: docs/formats.md,
// "Artifact".
//   manifest.json  plan.json  weights.h5  golden.json  [model.onnx]  (digests of the parts in the manifest)
// No MPI, no training code: the server links this.
#pragma once

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "model/scorer.hpp"
#include "packaging/json_rows.hpp"

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

// The scorer in ONNX, for other runtimes: packaging/onnx/ makes it, reading an artifact checks it and leaves
// it alone.
struct OnnxModel {
  std::string bytes;
  std::string missing = "none was made";  // why there are no bytes
};

// Byte-identical for equal content. Written through PendingFile rules by the caller: `path` is written as it
// is.
void write_artifact(const std::string& path, const Artifact& artifact, const OnnxModel& onnx = {});
// Checks every part against the manifest. Throws kResource naming the part and what is wrong with it. Keeps
// all parts in memory: no folder needs to be writable.
Artifact read_artifact(const std::string& path);

// Runs the golden rows. Throws kGateNotPassed with the first row that differs by more than the tolerance
// (1e-5 × max(1, |prediction|): the same code in float32 on another machine may round differently).
void check_golden_rows(const Artifact& artifact);

}  // namespace millrace
