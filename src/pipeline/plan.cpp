#include "pipeline/cache.hpp"
#include "pipeline/engine.hpp"

namespace millrace {

PipelinePlan plan_pipeline(const Communicator& comm, const PipelineConfig& config,
                           const RunOptions& options) {
  const Workspace workspace = comm.agree([&] { return Workspace(config.workspace); });
  Events events;
  const StageContext context{comm, config, workspace, events, "", "", options.verify, false, {}};
  Outputs outputs = Json::object();
  PipelinePlan plan;
  bool known = true;  // whether everything that later keys depend on is known
  const std::size_t last = stage_index(options.last_stage);
  for (std::size_t i = 0; i <= last; ++i) {
    const Stage& stage = pipeline_stages()[i];
    PlannedStage entry{stage.name, PlannedStage::State::kDependsOnEarlier, {}};
    if (known) {
      const StageKey key = stage_key(stage, context, outputs);
      const Json output = cached_output(stage, context, outputs, key.digest);
      known = !output.is_null();
      entry.state = known ? PlannedStage::State::kCached : PlannedStage::State::kRuns;
      if (known) outputs[stage.name] = output;
      if (!known) {
        const Json reasons = context.on_root([&] { return Json(reasons_to_run(stage, context, key)); });
        entry.reasons = reasons.get<std::vector<std::string>>();
      }
    }
    plan.stages.push_back(std::move(entry));
  }
  plan.source_bytes = source_bytes(context);
  return plan;
}

}  // namespace millrace
