#include "cli/planned_cost.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cost/describe.hpp"
#include "pipeline/budget_gate.hpp"
#include "pipeline/ledger.hpp"

namespace millrace {

namespace {

double in_hours(std::int64_t ms) {
  return static_cast<double>(ms) / kHourMs;
}

}  // namespace

PlannedCost planned_cost(const PipelineConfig& config, const PipelinePlan& plan, int ranks) {
  const Workspace workspace(config.workspace);
  Account account;
  account.prices = prices_of(config.cost);
  account.runs = usages_of(list_runs(workspace), workspace);
  return {forecast_of(plan, config, ranks, account), account.prices};
}

Json forecast_json(const PlannedCost& cost, const std::string& stage) {
  const auto found = std::ranges::find(cost.forecast.stages, stage, &StageForecast::stage);
  if (found == cost.forecast.stages.end() || found->runs == 0) return nullptr;
  return {{"core_hours", in_hours(found->cost.core_ms)},
          {"gpu_hours", in_hours(found->cost.gpu_ms)},
          {"amount", found->cost.amount.value()},
          {"currency", cost.prices.currency},
          {"runs", found->runs},
          {"by_bytes", found->by_bytes},
          {"by_epochs", found->by_epochs}};
}

std::string describe(const PlannedCost& cost) {
  if (cost.forecast.stages.empty()) return "forecast  nothing to do";
  const auto unknown = cost.forecast.unknown();
  const CostSum sum = cost.forecast.cost();
  const std::string missing = unknown.empty() ? "" : "not known: " + join(unknown, ", ");
  if (unknown.size() == cost.forecast.stages.size())
    return "forecast  not known: no earlier run here has run these stages";
  return fmt::format("forecast  {}{}{}", describe(sum, cost.prices.currency), missing.empty() ? "" : "; ",
                     missing);
}

}  // namespace millrace
