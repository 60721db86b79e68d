// Inside packaging/: manifest.json, the part that describes the others. Layout: docs/formats.md, "Artifact".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "packaging/archive.hpp"
#include "packaging/artifact.hpp"

namespace millrace {

inline constexpr int kOldestArtifactFormat = 1;  // knows no model.onnx
inline constexpr int kArtifactFormat = 2;
inline constexpr const char* kManifestName = "manifest.json";

// The parts that an artifact has after its manifest, in order, and how many bytes each may have at most: an
// archive of a few kB can unpack to more than any memory.
struct KnownPart {
  const char* name;
  std::uint64_t limit;
  bool optional = false;  // there if the manifest has it
};
inline constexpr std::uint64_t kJsonLimit = std::uint64_t{256} << 20U;
inline constexpr std::uint64_t kWeightsLimit = std::uint64_t{4} << 30U;
inline constexpr std::uint64_t kOnnxLimit = std::uint64_t{2} << 30U;  // Protocol Buffers' own
inline constexpr KnownPart kParts[] = {{"plan.json", kJsonLimit},
                                       {"weights.h5", kWeightsLimit},
                                       {"golden.json", kJsonLimit},
                                       {"model.onnx", kOnnxLimit, true}};

// `without_onnx`: why model.onnx is not among the parts; empty where it is.
Json make_manifest(const Artifact& artifact, const std::vector<ArchivePart>& parts,
                   const std::string& without_onnx);

// Throws kResource for a manifest that is none, of another format, or altered.
Json parse_manifest(const std::string& bytes);

// Whether the manifest lists the part.
bool has_part(const Json& manifest, const std::string& name);

// Throws kResource unless the part has the size and the digest that the manifest gives.
void check_part(const Json& manifest, const std::string& name, const std::string& bytes);

}  // namespace millrace
