// Inside packaging/: manifest.json, the part that describes the others. Layout: docs/formats.md, "Artifact".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "packaging/archive.hpp"
#include "packaging/artifact.hpp"

namespace millrace {

// 1 knows no model.onnx; 2 none of the parts behind it, and less of inputs and outputs; 3 no reference.json.
inline constexpr int kOldestArtifactFormat = 1;
inline constexpr int kArtifactFormat = 4;
inline constexpr const char* kManifestName = "manifest.json";
inline constexpr const char* kSignatureName = "manifest.sig";

// The parts that an artifact has after its manifest, in order, and how many bytes each may have at most: an
// archive of a few kB can unpack to more than any memory.
enum class Presence : std::uint8_t {
  kAlways,
  kListed,    // there if the manifest lists it
  kUnlisted,  // may be there; it is about the manifest, which therefore cannot list it
};
struct KnownPart {
  const char* name;
  std::uint64_t limit;
  Presence presence = Presence::kAlways;
};
inline constexpr std::uint64_t kTextLimit = std::uint64_t{16} << 20U;
inline constexpr std::uint64_t kJsonLimit = std::uint64_t{256} << 20U;
inline constexpr std::uint64_t kWeightsLimit = std::uint64_t{4} << 30U;
inline constexpr std::uint64_t kOnnxLimit = std::uint64_t{2} << 30U;  // Protocol Buffers' own
inline constexpr KnownPart kParts[] = {{"plan.json", kJsonLimit},
                                       {"weights.h5", kWeightsLimit},
                                       {"golden.json", kJsonLimit},
                                       {"model.onnx", kOnnxLimit, Presence::kListed},
                                       {"profile.json", kJsonLimit, Presence::kListed},
                                       {"reference.json", kJsonLimit, Presence::kListed},
                                       {"evaluation.json", kJsonLimit, Presence::kListed},
                                       {"card.md", kTextLimit, Presence::kListed},
                                       {"LICENCES", kTextLimit, Presence::kListed},
                                       {kSignatureName, kTextLimit, Presence::kUnlisted}};
// Throws kDamagedArtifact for a name that is none of them.
const KnownPart& known_part(const std::string& name);

// The description with what a reader needs to trust the parts: their digests, and its own.
Json make_manifest(Json description, const std::vector<ArchivePart>& parts);

// Throws kResource for a manifest that is none, of another format, or altered.
Json parse_manifest(const std::string& bytes);

// Whether the manifest lists the part.
bool has_part(const Json& manifest, const std::string& name);

// Throws kResource unless the part has the size, or the digest too, that the manifest gives.
void check_size(const Json& manifest, const std::string& name, std::uint64_t bytes);
void check_part(const Json& manifest, const std::string& name, const std::string& bytes);

}  // namespace millrace
