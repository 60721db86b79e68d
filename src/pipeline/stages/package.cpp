#include <filesystem>

#include "base/ssh_signature.hpp"
#include "config/config.hpp"
#include "pipeline/artifact_builder.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

namespace {

// Where the key lies does not matter, but whose it is: see inputs().
Json package_settings(const PipelineConfig& config) {
  Json package = config_to_json(config).at("package");
  package.erase("sign_key");
  return package;
}

std::string signer(const StageContext& context) {
  const std::string& key = context.config.package.sign_key;
  if (key.empty()) return "";
  return context.on_root([&]() -> Json { return public_key(key); });
}

Json package_inputs(const StageContext& context, const Outputs& outputs) {
  return {{"model", outputs.at("register").at("model")},
          {"version", outputs.at("register").at("version")},
          {"weights", outputs.at("train").at("weights")},
          {"features", outputs.at("features").at("features")},
          {"evaluation", outputs.at("evaluate").at("evaluation")},
          {"signer", signer(context)}};
}

Json run_package(const StageContext& context, const Outputs& outputs) {
  PendingFile file(context.workspace.temporary_folder() + "/artifact.tar.zst");
  build_artifact(context, outputs, file.temporary_path());
  return context.on_root([&]() -> Json {
    const Digest digest = context.workspace.put_object(file);
    const Json& registered = outputs.at("register");
    context.registry().record_artifact(registered.at("model"), registered.at("version"), digest);
    return {{"artifact", digest.hex()},
            {"bytes", std::filesystem::file_size(context.workspace.object_path(digest))}};
  });
}

bool package_holds(const StageContext& context, const Outputs& outputs, const Json& output) {
  const RegistryState state = context.registry().state();
  const Json& registered = outputs.at("register");
  const ModelVersion* version =
      state.find(registered.at("model"), registered.at("version").get<std::uint64_t>());
  const Digest artifact = Digest::from_hex(output.at("artifact").get<std::string>());
  return version != nullptr && version->artifact == artifact && context.workspace.has_object(artifact);
}

}  // namespace

Stage package_stage() {
  return {"package", 4, package_settings, package_inputs, run_package, package_holds, {}};
}

}  // namespace millrace
