#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
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

// A guarded version waits for its sign-offs; `deploy --run` goes on from here.
void require_top_stage(const StageContext& context, const Outputs& outputs) {
  const RegistryState state = context.registry().state();
  const std::string top = state.guarded_top();
  if (top.empty()) return;
  const Json& registered = outputs.at("register");
  const ModelVersion& version = state.resolve(fmt::format("{}/{}", registered.at("model").get<std::string>(),
                                                          registered.at("version").get<std::uint64_t>()));
  if (version.stage == top) return;
  throw Error(
      Topic::kNotApproved,
      "{} is not deployed: it has the stage {}, and {} takes sign-offs as {}, the last of which deploys it: "
      "millrace registry approve {} --stage {} --role ROLE --key FILE",
      version.name(), version.stage, top, join(state.policy->approvals_for(top), " and "), version.name(),
      top);
}

Json run(const StageContext& context, const Outputs& outputs) {
  if (context.config.deployment.canary > 0) {
    log_info("deployment.canary is not in effect in this version: the endpoint switches as a whole");
  }
  return context.on_root([&]() -> Json {
    require_top_stage(context, outputs);
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
