#include "cli/cost_alarms.hpp"

#include "alerts/alerts.hpp"
#include "base/log.hpp"
#include "cli/afterwards.hpp"
#include "cost/spikes.hpp"
#include "pipeline/ledger.hpp"

namespace millrace {

namespace {

// One that did nothing cost nothing worth a look.
bool did_nothing(const Json& record, const RunUsage& usage) {
  return usage.stages.empty() && record.value("status", "") == "done";
}

}  // namespace

Account account_of(const Workspace& workspace, const Prices& prices) {
  const Moment now = moment_now();
  try {
    measure_storage(workspace, prices, now);
  } catch (const Error& error) {
    log_loss(error.in("today's storage is not recorded"));
  }
  return open_account(workspace, list_runs(workspace), prices, now);
}

std::vector<CostAlarm> tell_of_cost(const PipelineConfig& config, const Account& account,
                                    const std::string& run) {
  const auto states = budget_states(config.cost, payer_of(config), account.charges, moment_now());
  std::vector<CostAlarm> alarms = budget_alarms(states, account.prices.currency);
  for (CostAlarm& alarm : spike_alarms(config.cost, account.runs, account.charges, run))
    alarms.push_back(std::move(alarm));
  try {
    alarms = claim_untold(Workspace(config.workspace), alarms);
  } catch (const Error& error) {  // a workspace that is read-only, or full: whoever comes later tells
    log_loss(error.in("alarms of costs cannot be written down"));
    return {};
  }
  for (const CostAlarm& alarm : alarms) log_warning("{}", alarm.text);
  return alarms;
}

std::vector<CostAlarm> tell_of_cost(const PipelineConfig& config, const std::string& run_folder) {
  const Json record = read_json_file(run_folder + "/run.json");
  const RunUsage usage = usage_of(record, run_folder);
  const Workspace workspace(config.workspace);
  const Prices prices = prices_of(config.cost);
  if (config.cost.budgets.empty() && did_nothing(record, usage)) {
    measure_storage(workspace, prices, moment_now());
    return {};
  }
  return tell_of_cost(config, account_of(workspace, prices), usage.run);
}

void raise_cost_alarms(const PipelineConfig& config, const std::vector<CostAlarm>& alarms) {
  if (alarms.empty()) return;
  const auto alerts = std::make_shared<Alerts>(Workspace(config.workspace), config.alerts);
  for (const CostAlarm& alarm : alarms)
    alerts->note({alarm.cause, parse_alert_level(alarm.level), alarm.subject, alarm.text, alarm.details});
  afterwards([alerts] { alerts->deliver_at_once(); });
}

}  // namespace millrace
