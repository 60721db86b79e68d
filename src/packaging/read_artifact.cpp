#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "model/weights.hpp"
#include "packaging/manifest.hpp"

namespace millrace {

namespace {

using Parts = std::map<std::string, std::string, std::less<>>;

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
Json read_manifest(ArchiveReader& archive) {
  const auto name = archive.next();
  if (name != kManifestName) throw Error(Topic::kDamagedArtifact, "its first entry is not {}", kManifestName);
  return of_part(kManifestName, [&] { return parse_manifest(archive.read(kJsonLimit)); });
}

const KnownPart& known_part(const std::string& name) {
  const auto* found = std::find_if(std::begin(kParts), std::end(kParts),
                                   [&](const KnownPart& part) { return part.name == name; });
  if (found == std::end(kParts))
    throw Error(Topic::kDamagedArtifact, "its entry {} is unknown", millrace::quoted(name));
  return *found;
}

Parts read_parts(ArchiveReader& archive, const Json& manifest) {
  Parts parts;
  while (const auto name = archive.next()) {
    const KnownPart& known = known_part(*name);
    if (parts.contains(*name)) throw Error(Topic::kDamagedArtifact, "it has the part '{}' twice", *name);
    of_part(*name, [&] {
      std::string bytes = archive.read(known.limit);
      check_part(manifest, *name, bytes);
      parts.emplace(*name, std::move(bytes));
    });
  }
  for (const KnownPart& known : kParts) {
    const bool expected = !known.optional || has_part(manifest, known.name);
    if (expected && !parts.contains(known.name))
      throw Error(Topic::kDamagedArtifact, "it lacks the part '{}'", known.name);
  }
  return parts;
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

Artifact build_artifact(const Json& manifest, const Parts& parts) {
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

}  // namespace

Artifact read_artifact(const std::string& path) {
  return with_context("artifact '" + path + "'", [&] {
    ArchiveReader archive(path);
    const Json manifest = read_manifest(archive);
    return build_artifact(manifest, read_parts(archive, manifest));
  });
}

}  // namespace millrace
