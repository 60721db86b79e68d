#include "cost/stop.hpp"

#include <algorithm>
#include <optional>

#include "base/topics.hpp"

namespace millrace {

namespace {

std::optional<Error> missing_price(const Budget& budget, bool needs_gpu, const Prices& prices) {
  const char* missing = !prices.cpu_hour ? "cpu_hour" : needs_gpu && !prices.gpu_hour ? "gpu_hour" : nullptr;
  if (missing == nullptr) return std::nullopt;
  return Error(Topic::kNoPrice,
               "budget '{}' of cost.budgets has stop: true, and cost.prices has no {}, which this run needs",
               budget.name, missing);
}

std::optional<Error> over_budget(const BudgetState& state, Money forecast, const std::string& currency) {
  const Money taken = state.spent.amount + state.reserved;
  if (taken < state.amount && taken + forecast <= state.amount) return std::nullopt;
  const std::string until = state.period.label == "all" ? "" : " until " + day_of(state.period.end);
  const std::string held = state.reserved == Money() ? ""
                                                     : fmt::format(", beside {} {} for runs that go on",
                                                                   state.reserved.text(), currency);
  return Error(Topic::kOverBudget, "this run would cost about {} {}, and budget '{}' has {} {} left{}",
               forecast.text(), currency, state.budget.name, state.left().text(), currency,
               until + held + "; --override-budget REASON begins it nevertheless");
}

}  // namespace

bool has_stop(const CostConfig& config) {
  return std::ranges::any_of(config.budgets, &Budget::stop);
}

std::vector<Error> refusals(const std::vector<BudgetState>& states, const RunForecast& forecast,
                            bool needs_gpu, const Prices& prices) {
  std::vector<Error> reasons;
  if (forecast.stages.empty()) return reasons;
  for (const BudgetState& state : states) {
    if (!state.budget.stop || !state.concerns_payer) continue;
    auto reason = missing_price(state.budget, needs_gpu, prices);
    if (!reason) reason = over_budget(state, forecast.cost().amount, prices.currency);
    if (reason) reasons.push_back(std::move(*reason));
  }
  return reasons;
}

}  // namespace millrace
