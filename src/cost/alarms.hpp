// What calls for telling people: thresholds of budgets, and costs out of all proportion. Each is told once,
// whoever sees it first: of any number of processes, one links cost/told/DIGEST.json into place, named by the
// digest of the cause.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "cost/budget.hpp"

namespace millrace {

struct CostAlarm {
  // The same each time: "budget/team-a/2026-11/80/actual", "spike/run/RUN", "spike/day/DAY". The budget's
  // name is followed by the model's or team's, where that is another.
  std::string cause;
  std::string level = "alert";  // as alerts.level has it
  std::string subject;          // one line
  std::string text;
  Json details;
};

// Each threshold that a budget has reached, spent or to be expected.
std::vector<CostAlarm> budget_alarms(const std::vector<BudgetState>& states, const std::string& currency);

// A name as a part of a cause, between slashes: as it is, or where that could not be a file's, its digest.
std::string cause_part(const std::string& name);

// Those that nobody has been told of; from now on they count as told. Throws kResource.
std::vector<CostAlarm> claim_untold(const Workspace& workspace, const std::vector<CostAlarm>& alarms);

}  // namespace millrace
