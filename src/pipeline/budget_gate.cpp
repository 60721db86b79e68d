#include "pipeline/budget_gate.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cost/allocation.hpp"
#include "cost/budget.hpp"
#include "cost/stop.hpp"
#include "pipeline/ledger.hpp"

namespace millrace {

namespace {

bool needs_gpu(const PipelineConfig& config, int ranks, const RunForecast& forecast) {
  return forecast.cost().gpu_ms > 0 || config.training.device == "cuda" ||
         allocation(config, ranks, environment_variable).gpus > 0;
}

std::vector<Error> reasons_against(const PipelineConfig& config, int ranks, const PipelinePlan& plan) {
  const Workspace workspace(config.workspace);
  const Moment now = moment_now();
  const Account account = open_account(workspace, list_runs(workspace), prices_of(config.cost), now);
  const RunForecast forecast = forecast_of(plan, config, account);
  const auto states = budget_states(config.cost, payer_of(config), account.charges, now);
  if (const auto unknown = forecast.unknown(); !unknown.empty())
    log_warning("what {} will cost is not known: no earlier run here has run {}", join(unknown, ", "),
                unknown.size() == 1 ? "it" : "them");
  return refusals(states, forecast, needs_gpu(config, ranks, forecast), account.prices);
}

Json answer(const std::vector<Error>& reasons, const std::optional<std::string>& override_budget) {
  if (reasons.empty()) return nullptr;
  if (!override_budget) throw Error(reasons.front());
  Json refused{{"reason", *override_budget}, {"budgets", Json::array()}};
  for (const Error& reason : reasons) refused["budgets"].push_back(reason.message());
  return refused;
}

// A run that goes on from an earlier one runs its last stage alone.
PipelinePlan plan_of(const Communicator& comm, const PipelineConfig& config, const RunOptions& options) {
  if (options.from_run) return {{{options.last_stage, PlannedStage::State::kRuns, {}}}, {}};
  return plan_pipeline(comm, config, options);
}

}  // namespace

RunForecast forecast_of(const PipelinePlan& plan, const PipelineConfig& config, const Account& account) {
  std::vector<std::string> stages;
  for (const PlannedStage& stage : plan.stages) {
    if (stage.state != PlannedStage::State::kCached) stages.push_back(stage.name);
  }
  return forecast_run(account.runs, config.name, stages, plan.source_bytes, account.prices);
}

Json ask_budgets(const Communicator& comm, const PipelineConfig& config, const RunOptions& options) {
  if (!has_stop(config.cost)) return nullptr;
  const PipelinePlan plan = plan_of(comm, config, options);
  std::string text = comm.agree([&] {
    if (!comm.is_root()) return std::string();
    return canonical_json(answer(reasons_against(config, comm.size(), plan), options.override_budget));
  });
  comm.broadcast(text);
  return Json::parse(text);
}

}  // namespace millrace
