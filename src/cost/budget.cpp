#include "cost/budget.hpp"

#include <algorithm>

namespace millrace {

namespace {

const std::string& payer_in(const std::string& scope, const Payer& payer) {
  return scope == "model" ? payer.model : payer.team;
}

// Storage belongs to the workspace alone.
bool counts(const Budget& budget, const Charge& charge) {
  if (budget.scope == "workspace") return true;
  return !charge.is_storage() && budget.of == (budget.scope == "model" ? charge.model : charge.team);
}

Money at_the_rate_of(const Period& period, Money spent, Moment now) {
  if (period.label == "all") return spent;
  const std::int64_t days = (period.end - period.begin) / kDayMs;
  const std::int64_t begun = (now - period.begin) / kDayMs + 1;
  return Money::of_micros(scaled(spent.micros(), days, begun));
}

BudgetState state_of(Budget budget, const Payer& payer, const std::vector<Charge>& charges, Moment now,
                     Money coming) {
  const bool of_all = budget.scope == "workspace";
  if (!of_all && budget.of.empty()) budget.of = payer_in(budget.scope, payer);
  BudgetState state;
  state.period = period_around(budget.period, now);
  state.amount = Money::of(budget.amount, "cost.budgets: the amount of '" + budget.name + "'");
  state.concerns_payer = of_all || budget.of == payer_in(budget.scope, payer);
  for (const Charge& charge : charges) {
    if (state.period.holds(charge.time) && charge.time <= now && counts(budget, charge))
      state.spent += charge.cost;
  }
  state.expected = std::max(at_the_rate_of(state.period, state.spent.amount, now),
                            state.spent.amount + (state.concerns_payer ? coming : Money()));
  state.budget = std::move(budget);
  return state;
}

}  // namespace

Payer payer_of(const PipelineConfig& config) {
  return {config.registry.model.empty() ? config.name : config.registry.model, config.cost.team};
}

void count_reservations(std::vector<BudgetState>& states, const std::vector<Reservation>& open,
                        const std::string& currency) {
  for (BudgetState& state : states) {
    const Budget& budget = state.budget;
    for (const Reservation& one : open) {
      const Payer payer{one.model, one.team};
      const bool counts = budget.scope == "workspace" || budget.of == payer_in(budget.scope, payer);
      if (counts && one.currency == currency) state.reserved += one.amount;
    }
  }
}

std::vector<BudgetState> budget_states(const CostConfig& config, const Payer& payer,
                                       const std::vector<Charge>& charges, Moment now, Money coming) {
  std::vector<BudgetState> states;
  for (const Budget& budget : config.budgets) states.push_back(state_of(budget, payer, charges, now, coming));
  return states;
}

}  // namespace millrace
