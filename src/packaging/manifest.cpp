#include "packaging/manifest.hpp"

#include "base/topics.hpp"

namespace millrace {

namespace {

const std::vector<std::string>* levels_of(const FeatureStep& step) {
  if (const auto* one_hot = std::get_if<OneHot>(&step.transform)) return &one_hot->vocabulary.levels();
  if (const auto* embedding = std::get_if<Embedding>(&step.transform)) {
    return &embedding->vocabulary.levels();
  }
  return nullptr;
}

// [{"name", "type", "levels" where the model knows levels}]; levels beyond them are taken as unknown.
Json describe_inputs(const FeaturePlan& plan) {
  Json inputs = plan.input_schema();
  for (Json& input : inputs) {
    for (const FeatureStep& step : plan.steps) {
      const auto* levels = levels_of(step);
      if (levels != nullptr && step.column == input["name"]) input["levels"] = *levels;
    }
  }
  return inputs;
}

Json describe_outputs(const TargetPlan& target) {
  if (target.task == "regression") return Json::array({{{"name", "value"}}});
  if (target.task == "binary")
    return Json::array({{{"name", "probability"}, {"class", target.classes.at(1)}}});
  Json outputs = Json::array();
  for (const std::string& level : target.classes) {
    outputs.push_back({{"name", "probability"}, {"class", level}});
  }
  return outputs;
}

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

Json make_manifest(const Artifact& artifact, const std::vector<ArchivePart>& parts,
                   const std::string& without_onnx) {
  const FeaturePlan& plan = artifact.scorer.plan();
  Json manifest{{"kind", "millrace-artifact"},
                {"format", kArtifactFormat},
                {"model", artifact.model},
                {"version", artifact.version},
                {"task", plan.target.task},
                {"target", plan.target.column},
                {"classes", plan.target.classes},
                {"inputs", describe_inputs(plan)},
                {"outputs", describe_outputs(plan.target)},
                {"lineage", artifact.lineage},
                {"parts", describe_parts(parts)}};
  if (!without_onnx.empty()) manifest["onnx"] = {{"missing", without_onnx}};
  manifest["digest"] = digest_without_itself(manifest).hex();
  return manifest;
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

void check_part(const Json& manifest, const std::string& name, const std::string& bytes) {
  const Json expected = json_get<Json>(json_get<Json>(manifest, "parts", kManifestName), name, kManifestName);
  if (json_get<std::uint64_t>(expected, "bytes", kManifestName) != bytes.size()) {
    throw Error(Topic::kDamagedArtifact, "it has {} bytes, the manifest says {}", bytes.size(),
                expected["bytes"].dump());
  }
  if (json_get<std::string>(expected, "sha256", kManifestName) != digest_of(bytes).hex()) {
    throw Error(Topic::kDamagedArtifact, "its bytes do not have the digest that the manifest gives");
  }
}

}  // namespace millrace
