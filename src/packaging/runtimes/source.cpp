#include "base/text.hpp"
#include "base/topics.hpp"
#include "packaging/artifact.hpp"
#include "packaging/manifest.hpp"
#include "packaging/runtimes/export.hpp"

namespace millrace {

namespace {

// Its name becomes that of files, and stands unquoted in what is written.
void check_name(const ExportSource& source) {
  if (is_plain_name(source.model)) return;
  throw Error(Topic::kDamagedArtifact, "artifact '{}': the model's name {} cannot be: {}", source.path,
              millrace::quoted(source.model), kPlainNameRule);
}

ExportSource describe(const std::string& path, const Json& manifest) {
  ExportSource source;
  source.path = path;
  source.model = json_get<std::string>(manifest, "model", kManifestName);
  source.version = json_get<std::uint64_t>(manifest, "version", kManifestName);
  source.digest = json_get<std::string>(manifest, "digest", kManifestName);
  source.task = json_get<std::string>(manifest, "task", kManifestName);
  source.classes = json_get<std::vector<std::string>>(manifest, "classes", kManifestName);
  source.without_onnx = manifest.value("/onnx/missing"_json_pointer, "it was made before there was one");
  check_name(source);
  return source;
}

}  // namespace

ExportSource read_export_source(const std::string& path) {
  (void)read_artifact(path);
  ArchiveReader archive(path);
  (void)archive.next();
  const Json manifest = parse_manifest(archive.read(kJsonLimit));
  ExportSource source = describe(path, manifest);
  while (const auto name = archive.next()) {
    if (*name == "model.onnx") source.onnx = archive.read(kOnnxLimit);
  }
  return source;
}

}  // namespace millrace
