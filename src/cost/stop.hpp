// Budgets with stop: true: whether a run may begin.
#pragma once

#include <vector>

#include "base/error.hpp"
#include "cost/budget.hpp"
#include "cost/forecast.hpp"

namespace millrace {

bool has_stop(const CostConfig& config);

// Why the payer's next run may not begin, an error for each budget that it concerns: kOverBudget where
// what is spent and reserved and the forecast are together more than the budget, or nothing of it is left;
// kNoPrice where what the run takes has no price. Nothing where no stage would run.
std::vector<Error> refusals(const std::vector<BudgetState>& states, const RunForecast& forecast,
                            bool needs_gpu, const Prices& prices);

}  // namespace millrace
