#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "model/weights.hpp"
#include "packaging/licences.hpp"
#include "packaging/manifest.hpp"
#include "packaging/signature.hpp"

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
  for (const ArchivePart& part : parts) {
    const std::uint64_t limit = known_part(part.name).limit;
    if (part.bytes.size() <= limit) continue;
    throw resource_error("part '{}' of the artifact has {}; {} is the most it may have", part.name,
                         human_bytes(static_cast<double>(part.bytes.size())),
                         human_bytes(static_cast<double>(limit)));
  }
}

// In the order of kParts.
std::vector<ArchivePart> make_parts(const std::string& path, const Artifact& artifact,
                                    const ArtifactDocuments& documents) {
  const Json& profile = documents.profile;
  const Json& reference = documents.reference;
  const Json& licences = documents.licences;
  std::vector<ArchivePart> parts{{"plan.json", canonical_json(artifact.scorer.plan())},
                                 {"weights.h5", weights_bytes(artifact.scorer.network(), path)},
                                 {"golden.json", golden_bytes(artifact.golden)},
                                 {"model.onnx", documents.onnx.bytes},
                                 {"profile.json", profile.is_null() ? "" : canonical_json(profile)},
                                 {"reference.json", reference.is_null() ? "" : canonical_json(reference)},
                                 {"evaluation.json", documents.evaluation},
                                 {"card.md", documents.card},
                                 {"LICENCES", licences.is_null() ? "" : licences_text(licences)}};
  std::erase_if(parts, [](const ArchivePart& part) { return part.bytes.empty(); });
  return parts;
}

}  // namespace

void write_artifact(const std::string& path, const Artifact& artifact, const ArtifactDocuments& documents,
                    const std::string& sign_key) {
  std::vector<ArchivePart> parts = make_parts(path, artifact, documents);
  check_limits(parts);
  const std::string manifest = pretty_json(make_manifest(describe_artifact(artifact, documents), parts));
  parts.insert(parts.begin(), {kManifestName, manifest});
  if (!sign_key.empty()) parts.push_back({kSignatureName, sign(manifest, sign_key, kArtifactPurpose)});
  write_archive(path, parts);
}

}  // namespace millrace
