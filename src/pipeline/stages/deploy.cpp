#include "base/log.hpp"
#include "deployment/endpoint.hpp"
#include "pipeline/candidate.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

namespace {

Json settings(const PipelineConfig& config) {
  return {{"endpoint", config.deployment.endpoint.empty() ? config.name : config.deployment.endpoint}};
}

Json inputs(const StageContext&, const Outputs& outputs) {
  return {{"artifact", outputs.at("package").at("artifact")}};
}

Json run(const StageContext& context, const Outputs& outputs) {
  if (context.config.deployment.canary > 0) {
    log_info("deployment.canary is not in effect in this version: the endpoint switches as a whole");
  }
  return context.on_root([&]() -> Json {
    const EndpointState state =
        deploy(context.workspace.root(), context.endpoint(), output_digest(outputs, "package", "artifact"));
    return {{"endpoint", state.endpoint}, {"model", state.current.model}, {"version", state.current.version}};
  });
}

bool holds(const StageContext& context, const Outputs& outputs, const Json&) {
  const auto state = read_endpoint(context.workspace.root(), context.endpoint());
  return state && state->current.artifact == output_digest(outputs, "package", "artifact");
}

}  // namespace

Stage deploy_stage() {
  return {"deploy", 1, settings, inputs, run, holds, {}};
}

}  // namespace millrace
