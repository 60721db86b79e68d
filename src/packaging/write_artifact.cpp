#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "model/weights.hpp"
#include "packaging/manifest.hpp"

namespace millrace {

namespace {

// HDF5 writes files only by name; this one lies beside the artifact until it has been read.
std::string weights_bytes(const Network& network, const std::string& artifact_path) {
  const PendingFile file(artifact_path + ".weights");
  write_weights(file.temporary_path(), network);
  return read_file(file.temporary_path());
}

std::string golden_bytes(const GoldenRows& golden) {
  return canonical_json({{"rows", golden.rows}, {"predictions", golden.predictions}});
}

// What could not be read again must not be written.
void check_limits(const std::vector<ArchivePart>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].bytes.size() <= kParts[i].limit) continue;
    throw resource_error("part '{}' of the artifact has {}; {} is the most it may have", parts[i].name,
                         human_bytes(static_cast<double>(parts[i].bytes.size())),
                         human_bytes(static_cast<double>(kParts[i].limit)));
  }
}

}  // namespace

void write_artifact(const std::string& path, const Artifact& artifact, const OnnxModel& onnx) {
  std::vector<ArchivePart> parts;
  parts.push_back({kParts[0].name, canonical_json(artifact.scorer.plan())});
  parts.push_back({kParts[1].name, weights_bytes(artifact.scorer.network(), path)});
  parts.push_back({kParts[2].name, golden_bytes(artifact.golden)});
  if (!onnx.bytes.empty()) parts.push_back({kParts[3].name, onnx.bytes});
  check_limits(parts);
  const std::string without_onnx = onnx.bytes.empty() ? onnx.missing : "";
  parts.insert(parts.begin(), {kManifestName, pretty_json(make_manifest(artifact, parts, without_onnx))});
  write_archive(path, parts);
}

}  // namespace millrace
