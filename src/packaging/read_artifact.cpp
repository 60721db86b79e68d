#include "base/text.hpp"
#include "base/topics.hpp"
#include "model/weights.hpp"
#include "packaging/manifest.hpp"

namespace millrace {

namespace {

// Whatever is wrong with a part is the artifact's fault, not the user's nor ours.
template <class Body>
auto of_part(const std::string& name, Body&& body) {
  try {
    return body();
  } catch (...) {
    const Error error = current_error();
    const bool newer = error.topic() == Topic::kNewerFormat;
    throw Error(newer ? Topic::kNewerFormat : Topic::kDamagedArtifact, "part {}: {}", millrace::quoted(name),
                error.message());
  }
}

// The manifest comes first, so that an artifact of a newer format is told by its format, not by the first
// part that this version does not know.
std::string read_manifest(ArchiveReader& archive) {
  const auto name = archive.next();
  if (name != kManifestName) throw Error(Topic::kDamagedArtifact, "its first entry is not {}", kManifestName);
  return of_part(kManifestName, [&] { return archive.read(kJsonLimit); });
}

std::string read_part(ArchiveReader& archive, const Json& manifest, const KnownPart& part) {
  const bool listed = part.presence != Presence::kUnlisted;
  if (listed) check_size(manifest, part.name, archive.size());  // before memory is taken for it
  std::string bytes = archive.read(part.limit);
  if (listed) check_part(manifest, part.name, bytes);
  return bytes;
}

bool is_expected(const KnownPart& part, const Json& manifest) {
  return part.presence == Presence::kAlways ||
         (part.presence == Presence::kListed && has_part(manifest, part.name));
}

void read_parts(ArchiveReader& archive, ArtifactContents& contents) {
  while (const auto name = archive.next()) {
    if (contents.find(*name) != nullptr)
      throw Error(Topic::kDamagedArtifact, "it has the part '{}' twice", *name);
    const KnownPart& known = known_part(*name);
    contents.parts.emplace(*name,
                           of_part(*name, [&] { return read_part(archive, contents.manifest, known); }));
  }
  for (const KnownPart& known : kParts) {
    if (is_expected(known, contents.manifest) && contents.find(known.name) == nullptr)
      throw Error(Topic::kDamagedArtifact, "it lacks the part '{}'", known.name);
  }
}

GoldenRows read_golden(const std::string& bytes, std::size_t outputs) {
  const Json json = parse_json(bytes, "it");
  GoldenRows golden{json_get<Json::array_t>(json, "rows", "it"),
                    json_get<std::vector<float>>(json, "predictions", "it")};
  if (golden.predictions.size() != golden.rows.size() * outputs) {
    throw Error(Topic::kDamagedArtifact, "it has {} predictions for {} rows of {} outputs",
                golden.predictions.size(), golden.rows.size(), outputs);
  }
  return golden;
}

}  // namespace

const std::string* ArtifactContents::find(std::string_view name) const {
  const auto found = parts.find(name);
  return found == parts.end() ? nullptr : &found->second;
}

ArtifactContents read_contents(const std::string& path) {
  return with_context("artifact '" + path + "'", [&] {
    ArchiveReader archive(path);
    ArtifactContents contents;
    contents.parts[kManifestName] = read_manifest(archive);
    contents.manifest = of_part(kManifestName, [&] { return parse_manifest(contents.parts[kManifestName]); });
    read_parts(archive, contents);
    return contents;
  });
}

Artifact artifact_of(const ArtifactContents& contents) {
  const Json& manifest = contents.manifest;
  const auto& parts = contents.parts;
  FeaturePlan plan =
      of_part("plan.json", [&] { return parse_document<FeaturePlan>(parts.at("plan.json"), "it"); });
  Scorer scorer = of_part("weights.h5", [&] {
    return Scorer(std::move(plan), read_weights_bytes(parts.at("weights.h5"), "weights.h5"));
  });
  GoldenRows golden =
      of_part("golden.json", [&] { return read_golden(parts.at("golden.json"), scorer.outputs()); });
  return {json_get<std::string>(manifest, "model", kManifestName),
          json_get<std::uint64_t>(manifest, "version", kManifestName),
          json_get<Json>(manifest, "lineage", kManifestName), std::move(scorer), std::move(golden)};
}

Artifact read_artifact(const std::string& path) {
  const ArtifactContents contents = read_contents(path);
  return with_context("artifact '" + path + "'", [&] { return artifact_of(contents); });
}

}  // namespace millrace
