// How budgets stand: spent in the period so far, and to be expected at its end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/pipeline_config.hpp"
#include "cost/charges.hpp"
#include "cost/reservations.hpp"

namespace millrace {

// Whose configuration it is: what budgets without `of` are about, and who pays for its runs.
struct Payer {
  std::string model;
  std::string team;
};

Payer payer_of(const PipelineConfig& config);

struct BudgetState {
  Budget budget;                // `of` filled in
  Period period;                // the one that holds `now`
  CostSum spent;                // in it so far; spent.amount lacks what has no price
  Money reserved;               // for runs that go on, beside what they have spent (count_reservations)
  Money amount;                 // of the budget
  Money expected;               // at the end of the period, at least what is spent and what is coming
  bool concerns_payer = false;  // whether the payer's next run counts

  [[nodiscard]] Money left() const { return amount - (spent.amount + reserved); }
};

// The rate of the period is taken over the days begun: spent × days of the period / days begun, so that the
// first night of a month stands for all of them. A period of a day or without end has no rate. `coming` is
// what the payer's next run is likely to cost.
std::vector<BudgetState> budget_states(const CostConfig& config, const Payer& payer,
                                       const std::vector<Charge>& charges, Moment now, Money coming = {});

// Adds what open reservations in this currency hold, each to the budgets that its run counts for.
void count_reservations(std::vector<BudgetState>& states, const std::vector<Reservation>& open,
                        const std::string& currency);

}  // namespace millrace
