#include "cost/alarms.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

// Budgets of one name may be about several models or teams.
std::string name_in_cause(const Budget& budget) {
  const bool plain = budget.scope == "workspace" || budget.of == budget.name;
  return plain ? cause_part(budget.name) : cause_part(budget.name) + "/" + cause_part(budget.of);
}

CostAlarm budget_alarm(const BudgetState& state, double percent, bool actual, const std::string& currency) {
  const Budget& budget = state.budget;
  const Money reached = actual ? state.spent.amount : state.expected;
  const char* kind = actual ? "actual" : "forecast";
  const std::string verb = actual ? "has reached" : "is expected to reach";
  CostAlarm alarm;
  alarm.cause = fmt::format("budget/{}/{}/{}/{}", name_in_cause(budget), state.period.label, percent, kind);
  alarm.subject = fmt::format("budget '{}' {} {} %", budget.name, verb, percent);
  alarm.text = fmt::format("{} of {}: {} of {} {} {}{}", alarm.subject, state.period.label, reached.text(),
                           state.amount.text(), currency, actual ? "spent" : "by the end of the period",
                           actual ? "" : fmt::format(", {} spent so far", state.spent.amount.text()));
  alarm.details = {{"budget", budget.name},
                   {"scope", budget.scope},
                   {"of", budget.of},
                   {"period", state.period.label},
                   {"percent", percent},
                   {"kind", kind},
                   {"amount", state.amount.value()},
                   {"spent", state.spent.amount.value()},
                   {"expected", state.expected.value()},
                   {"currency", currency}};
  return alarm;
}

}  // namespace

std::string cause_part(const std::string& name) {
  return is_plain_name(name) ? name : digest_of(name).brief();
}

std::vector<CostAlarm> budget_alarms(const std::vector<BudgetState>& states, const std::string& currency) {
  std::vector<CostAlarm> alarms;
  for (const BudgetState& state : states) {
    for (const double percent : state.budget.alerts) {
      if (reaches(state.spent.amount, percent, state.amount))
        alarms.push_back(budget_alarm(state, percent, true, currency));
      if (reaches(state.expected, percent, state.amount))
        alarms.push_back(budget_alarm(state, percent, false, currency));
    }
  }
  return alarms;
}

std::vector<CostAlarm> claim_untold(const Workspace& workspace, const std::vector<CostAlarm>& alarms) {
  std::vector<CostAlarm> untold;
  for (const CostAlarm& alarm : alarms) {
    const std::string path = workspace.path("cost/told/" + digest_of(alarm.cause).hex() + ".json");
    if (path_exists(path)) continue;
    const Json record{{"time", now_rfc3339()},    {"cause", alarm.cause}, {"level", alarm.level},
                      {"subject", alarm.subject}, {"text", alarm.text},   {"details", alarm.details}};
    if (publish_exclusive(path, pretty_json(record))) untold.push_back(alarm);
  }
  return untold;
}

}  // namespace millrace
