#include <filesystem>

#include "base/log.hpp"
#include "base/version.hpp"
#include "config/config.hpp"
#include "packaging/artifact.hpp"
#include "packaging/onnx/export.hpp"
#include "pipeline/candidate.hpp"
#include "pipeline/dataset_reader.hpp"
#include "pipeline/dialect.hpp"
#include "pipeline/golden.hpp"
#include "pipeline/split.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

namespace {

Json settings(const PipelineConfig& config) {
  return config_to_json(config).at("package");
}

Json inputs(const StageContext&, const Outputs& outputs) {
  return {{"model", outputs.at("register").at("model")},
          {"version", outputs.at("register").at("version")},
          {"weights", outputs.at("train").at("weights")},
          {"features", outputs.at("features").at("features")}};
}

Json lineage(const StageContext& context, const Outputs& outputs, const Dataset& dataset) {
  return {{"dialect", dialect_to_json(context.config.data, dataset)},
          {"dataset", outputs.at("ingest").at("dataset")},
          {"features", outputs.at("features").at("features")},
          {"weights", outputs.at("train").at("weights")},
          {"evaluation", outputs.at("evaluate").at("evaluation")},
          {"metrics", outputs.at("evaluate").at("test")},
          {"code_version", code_version()}};
}

Json build(const StageContext& context, const Outputs& outputs, const Candidate& candidate,
           const RowSplit& split, const Dataset& dataset) {
  const Artifact artifact{outputs.at("register").at("model"), outputs.at("register").at("version"),
                          lineage(context, outputs, dataset), candidate.scorer,
                          make_golden_rows(context, candidate, split, context.config.package.golden_rows)};
  const OnnxModel onnx = export_onnx(artifact.scorer);
  if (onnx.bytes.empty()) log_warning("the artifact has no model.onnx: {}", onnx.missing);
  PendingFile file(context.workspace.temporary_folder() + "/artifact.tar.zst");
  write_artifact(file.temporary_path(), artifact, onnx);
  const Digest digest = context.workspace.put_object(file);
  context.registry().record_artifact(artifact.model, artifact.version, digest);
  return {{"artifact", digest.hex()},
          {"bytes", std::filesystem::file_size(context.workspace.object_path(digest))}};
}

Json run(const StageContext& context, const Outputs& outputs) {
  const Candidate candidate = context.comm.agree([&] { return load_candidate(context.workspace, outputs); });
  const auto reader =
      context.comm.agree([&] { return DatasetReader(context.workspace, candidate.features.dataset); });
  const RowSplit split(context.comm, context.config.data, reader);
  return context.on_root([&] { return build(context, outputs, candidate, split, reader.dataset()); });
}

bool holds(const StageContext& context, const Outputs& outputs, const Json& output) {
  const RegistryState state = context.registry().state();
  const Json& registered = outputs.at("register");
  const ModelVersion* version =
      state.find(registered.at("model"), registered.at("version").get<std::uint64_t>());
  const Digest artifact = Digest::from_hex(output.at("artifact").get<std::string>());
  return version != nullptr && version->artifact == artifact && context.workspace.has_object(artifact);
}

}  // namespace

Stage package_stage() {
  return {"package", 2, settings, inputs, run, holds, {}};
}

}  // namespace millrace
