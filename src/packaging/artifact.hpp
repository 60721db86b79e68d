// The serving artifact: one reproducible .tar.zst that holds all that serving needs. Layout: docs/formats.md,
// "Artifact".
//   manifest.json  plan.json  weights.h5  golden.json    what serving needs
//   model.onnx  profile.json  reference.json  evaluation.json  card.md  LICENCES  manifest.sig    for others;
//                                                                     each may be left out
// The manifest has the digests of the parts, and the signature is of the manifest. No MPI, no training code:
// the server links this.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
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

// What goes along with the model: for people, for drift monitoring, for other programs. What is empty is left
// out. Reading a model checks the digests of these parts and leaves them alone.
struct ArtifactDocuments {
  OnnxModel onnx{};
  Json profile = nullptr;                      // {"inputs": {"part", "columns"}, "predictions": …}
  Json reference = nullptr;                    // {"inputs": …, "target": …, "predictions": …}
  std::string evaluation{};                    // the bytes of the evaluation's object
  std::string card{};                          // Markdown: packaging/card.hpp
  Json licences = nullptr;                     // packaging/licences.hpp
  std::map<std::string, std::string> units{};  // column → unit
};

// How many levels of a category a manifest lists.
inline constexpr std::size_t kListedLevels = 1000;

// The manifest's keys that describe the model, without those about the file.
Json describe_artifact(const Artifact& artifact, const ArtifactDocuments& documents);

// Byte-identical for equal content. Written through PendingFile rules by the caller: `path` is written as it
// is.
// `sign_key`: a file as sign() of base/ssh_signature.hpp takes it; "" for none.
void write_artifact(const std::string& path, const Artifact& artifact,
                    const ArtifactDocuments& documents = {}, const std::string& sign_key = "");
// Checks every part against the manifest. Throws kResource naming the part and what is wrong with it. Keeps
// all parts in memory: no folder needs to be writable.
Artifact read_artifact(const std::string& path);

// An artifact's file as it is, its parts checked against the manifest in the same way.
struct ArtifactContents {
  Json manifest;
  std::map<std::string, std::string, std::less<>> parts;  // file → bytes, with manifest.json

  // nullptr where there is no such part.
  [[nodiscard]] const std::string* find(std::string_view name) const;
};
ArtifactContents read_contents(const std::string& path);
// The model in it. Throws kDamagedArtifact.
Artifact artifact_of(const ArtifactContents& contents);

// Runs the golden rows. Throws kGateNotPassed with the first row that differs by more than the tolerance
// (1e-5 × max(1, |prediction|): the same code in float32 on another machine may round differently).
void check_golden_rows(const Artifact& artifact);

}  // namespace millrace
