#include "packaging/manifest.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

Json describe_parts(const std::vector<ArchivePart>& parts) {
  Json described = Json::object();
  for (const ArchivePart& part : parts) {
    described[part.name] = {{"bytes", part.bytes.size()}, {"sha256", digest_of(part.bytes).hex()}};
  }
  return described;
}

// The manifest vouches for the other parts; this is what vouches for the manifest.
Digest digest_without_itself(Json manifest) {
  manifest.erase("digest");
  return digest_of(canonical_json(manifest));
}

}  // namespace

const KnownPart& known_part(const std::string& name) {
  const auto* found = std::find_if(std::begin(kParts), std::end(kParts),
                                   [&](const KnownPart& part) { return part.name == name; });
  if (found == std::end(kParts))
    throw Error(Topic::kDamagedArtifact, "its entry {} is unknown", millrace::quoted(name));
  return *found;
}

Json make_manifest(Json description, const std::vector<ArchivePart>& parts) {
  description["kind"] = "millrace-artifact";
  description["format"] = kArtifactFormat;
  description["parts"] = describe_parts(parts);
  description["digest"] = digest_without_itself(description).hex();
  return description;
}

Json parse_manifest(const std::string& bytes) {
  Json manifest = parse_json(bytes, "it");
  if (json_get<std::string>(manifest, "kind", "it") != "millrace-artifact") {
    throw Error(Topic::kDamagedArtifact, "it does not describe an artifact of Millrace");
  }
  const int format = json_get<int>(manifest, "format", "it");
  if (format > kArtifactFormat) {
    throw Error(
        Topic::kNewerFormat,
        "the artifact has format {}, written by a newer Millrace; this one reads formats up to {}: use a "
        "newer one",
        format, kArtifactFormat);
  }
  if (format < kOldestArtifactFormat)
    throw Error(Topic::kNewerFormat, "the artifact has the unknown format {}", format);
  if (json_get<std::string>(manifest, "digest", "it") != digest_without_itself(manifest).hex()) {
    throw Error(Topic::kDamagedArtifact, "it does not have the digest that it gives");
  }
  return manifest;
}

bool has_part(const Json& manifest, const std::string& name) {
  return json_get<Json>(manifest, "parts", kManifestName).contains(name);
}

namespace {

Json described_part(const Json& manifest, const std::string& name) {
  return json_get<Json>(json_get<Json>(manifest, "parts", kManifestName), name, kManifestName);
}

}  // namespace

void check_size(const Json& manifest, const std::string& name, std::uint64_t bytes) {
  const auto expected = json_get<std::uint64_t>(described_part(manifest, name), "bytes", kManifestName);
  if (expected != bytes)
    throw Error(Topic::kDamagedArtifact, "it has {} bytes, the manifest says {}", bytes, expected);
}

void check_part(const Json& manifest, const std::string& name, const std::string& bytes) {
  check_size(manifest, name, bytes.size());
  const auto expected = json_get<std::string>(described_part(manifest, name), "sha256", kManifestName);
  if (expected != digest_of(bytes).hex())
    throw Error(Topic::kDamagedArtifact, "its bytes do not have the digest that the manifest gives");
}

}  // namespace millrace
