#include <chrono>
#include <optional>
#include <thread>

#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "deployment/endpoint.hpp"
#include "deployment/rollout.hpp"
#include "deployment/server_start.hpp"
#include "pipeline/candidate.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

namespace {

Json deploy_settings(const PipelineConfig& config) {
  return {{"endpoint", config.deployment.endpoint.empty() ? config.name : config.deployment.endpoint}};
}

Json deploy_inputs(const StageContext&, const Outputs& outputs) {
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

constexpr std::chrono::milliseconds kPause(250);

Json to_document(const RolloutResult& result, const Deployed& version) {
  return {{"endpoint", result.state.endpoint},
          {"model", version.model},
          {"version", version.version},
          {"outcome", result.outcome},
          {"reason", result.reason}};
}

// A deployment on rank 0, which alone looks at the world. With deployment.server, the endpoint's server is
// there before the version is tried; that of an endpoint that is new can only come afterwards.
class RootRollout {
 public:
  RootRollout(const StageContext& context, const Outputs& outputs) : context_(context) {
    (void)context.on_root([&]() -> Json {
      require_top_stage(context, outputs);
      const DeploymentConfig& rules = context.config.deployment;
      version_ = verified_version(context.workspace.root(), output_digest(outputs, "package", "artifact"),
                                  rules.signers);
      rollout_.emplace(context.workspace.root(), context.endpoint(), version_, rules);
      const bool is_tried =
          rules.mode != "switch" && read_endpoint(context.workspace.root(), context.endpoint());
      if (is_tried) wants_server();
      return nullptr;
    });
  }

  // Null while it goes on. Collective.
  Json look() {
    return context_.on_root([&]() -> Json { return look_on_root(); });
  }

 private:
  void wants_server() {
    const DeploymentConfig& rules = context_.config.deployment;
    if (rules.server == "slurm")
      server_.emplace(context_.workspace.root(), context_.endpoint(), rules.patience);
  }

  Json look_on_root() {
    if (server_ && !server_->look()) return nullptr;
    server_.reset();
    if (result_) return to_document(*result_, version_);
    result_ = rollout_->look();
    if (result_) wants_server();
    return result_ && !server_ ? to_document(*result_, version_) : Json(nullptr);
  }

  const StageContext& context_;
  Deployed version_;
  std::optional<ServerStart> server_;  // while one is wanted
  std::optional<Rollout> rollout_;
  std::optional<RolloutResult> result_;
};

// The other ranks sleep in between as rank 0 does: none of them waits in a collective.
Json run_deploy(const StageContext& context, const Outputs& outputs) {
  RootRollout rollout(context, outputs);
  for (;;) {
    if (Json result = rollout.look(); !result.is_null()) return result;
    if (context.comm.any(stop_requested())) {
      throw Error(Topic::kStopped, "stopped while a version is tried at endpoint '{}'; run again to go on",
                  context.endpoint());
    }
    std::this_thread::sleep_for(kPause);
  }
}

bool deploy_holds(const StageContext& context, const Outputs& outputs, const Json&) {
  const auto state = read_endpoint(context.workspace.root(), context.endpoint());
  return state && state->current.artifact == output_digest(outputs, "package", "artifact");
}

}  // namespace

Stage deploy_stage() {
  return {"deploy", 1, deploy_settings, deploy_inputs, run_deploy, deploy_holds, {}};
}

}  // namespace millrace
