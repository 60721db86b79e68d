#include "pipeline/budget_gate.hpp"

#include <functional>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cost/allocation.hpp"
#include "cost/budget.hpp"
#include "cost/reservations.hpp"
#include "cost/stop.hpp"
#include "pipeline/ledger.hpp"

namespace millrace {

namespace {

// What is known when a run asks; root only.
class Gate {
 public:
  Gate(const PipelineConfig& config, int ranks, const PipelinePlan& plan, const RunOptions& options)
      : config_(config),
        ranks_(ranks),
        options_(options),
        workspace_(config.workspace),
        account_(open_account(workspace_, list_runs(workspace_), prices_of(config.cost), now_)),
        forecast_(forecast_of(plan, config, ranks, account_)) {
    if (const auto unknown = forecast_.unknown(); !unknown.empty())
      log_warning("what {} will cost is not known: no earlier run here has run {} like this",
                  join(unknown, ", "), unknown.size() == 1 ? "it" : "them");
  }

  Json ask() const { return answer(recorded_reservations(workspace_)); }

  Json ask_and_reserve() const {
    if (forecast_.stages.empty()) return {{"override", nullptr}, {"reservation", nullptr}};
    const Payer payer = payer_of(config_);
    const Reservation wanted{
        0, forecast_.cost().amount, account_.prices.currency, payer.model, payer.team, "", 0, 0};
    Json why;
    const std::uint64_t number =
        reserve(workspace_, wanted, [&](const std::vector<Reservation>& before) { why = answer(before); });
    return {{"override", why}, {"reservation", number}};
  }

 private:
  [[nodiscard]] bool needs_gpu() const {
    return forecast_.cost().gpu_ms > 0 || config_.training.device == "cuda" ||
           allocation(config_, ranks_, environment_variable).gpus > 0;
  }

  [[nodiscard]] std::vector<Error> reasons_against(const std::vector<Reservation>& reservations) const {
    auto states = budget_states(config_.cost, payer_of(config_), account_.charges, now_);
    const auto open = open_reservations(reservations, account_.runs, account_.charges, now_);
    count_reservations(states, open, account_.prices.currency);
    return refusals(states, forecast_, needs_gpu(), account_.prices);
  }

  [[nodiscard]] Json answer(const std::vector<Reservation>& reservations) const {
    const std::vector<Error> reasons = reasons_against(reservations);
    if (reasons.empty()) return nullptr;
    if (!options_.override_budget) throw Error(reasons.front());
    Json refused{{"reason", *options_.override_budget}, {"budgets", Json::array()}};
    for (const Error& reason : reasons) refused["budgets"].push_back(reason.message());
    return refused;
  }

  const PipelineConfig& config_;
  int ranks_;
  const RunOptions& options_;
  Workspace workspace_;
  Moment now_ = moment_now();
  Account account_;
  RunForecast forecast_;
};

// A run that goes on from an earlier one runs its last stage alone.
PipelinePlan plan_of(const Communicator& comm, const PipelineConfig& config, const RunOptions& options) {
  if (options.from_run) return {{{options.last_stage, PlannedStage::State::kRuns, {}}}, {}};
  return plan_pipeline(comm, config, options);
}

Json at_the_gate(const Communicator& comm, const PipelineConfig& config, const RunOptions& options,
                 const std::function<Json(const Gate&)>& question) {
  const PipelinePlan plan = plan_of(comm, config, options);
  std::string text = comm.agree([&] {
    if (!comm.is_root()) return std::string();
    return canonical_json(question(Gate(config, comm.size(), plan, options)));
  });
  comm.broadcast(text);
  return Json::parse(text);
}

// Nothing where nobody can tell: without a job, `auto` looks for GPUs when the training begins.
std::optional<bool> holds_gpus(const PipelineConfig& config, const Allocation& held) {
  if (held.gpus > 0 || config.training.device == "cuda") return true;
  return config.training.device == "cpu" ? std::optional(false) : std::nullopt;
}

}  // namespace

RunForecast forecast_of(const PipelinePlan& plan, const PipelineConfig& config, int ranks,
                        const Account& account) {
  const Allocation held = allocation(config, ranks, environment_variable);
  ComingRun coming{
      config.name, {}, plan.source_bytes, config.training.epochs, held.cores, holds_gpus(config, held)};
  for (const PlannedStage& stage : plan.stages) {
    if (stage.state != PlannedStage::State::kCached) coming.stages.push_back(stage.name);
  }
  return forecast_run(account.runs, coming, account.prices);
}

Json ask_budgets(const Communicator& comm, const PipelineConfig& config, const RunOptions& options) {
  if (!has_stop(config.cost)) return nullptr;
  return at_the_gate(comm, config, options, [](const Gate& gate) { return gate.ask(); });
}

Json reserve_budgets(const Communicator& comm, const PipelineConfig& config, const RunOptions& options) {
  if (!has_stop(config.cost)) return {{"override", nullptr}, {"reservation", nullptr}};
  return at_the_gate(comm, config, options, [](const Gate& gate) { return gate.ask_and_reserve(); });
}

}  // namespace millrace
