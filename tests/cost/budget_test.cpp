#include "cost/budget.hpp"

#include <gtest/gtest.h>

#include "cost/samples.hpp"

namespace millrace {
namespace {

using testing_support::eur;
using testing_support::prices;
using testing_support::run_usage;

Budget budget_of(double amount, const std::string& period = "month", const std::string& scope = "workspace",
                 const std::string& whose = "") {
  Budget made;
  made.name = "nights";
  made.amount = amount;
  made.period = period;
  made.scope = scope;
  made.of = whose;
  return made;
}

class Budgets : public testing::Test {
 protected:
  // A run of an hour and a core, which costs its price.
  void spend(const std::string& begin, double amount, const std::string& model = "churn",
             const std::string& team = "") {
    RunUsage run = run_usage(fmt::format("r{}", runs_.size()), begin, kHourMs, 1);
    run.prices = prices(amount, 0);
    run.model = model;
    run.team = team;
    runs_.push_back(run);
  }

  BudgetState state(const Budget& budget, const std::string& now, Money coming = {}) {
    CostConfig config;
    config.budgets = {budget};
    const auto charges = charges_of(runs_, measures_, prices(0, 0), moment_of(now));
    return budget_states(config, payer_, charges, moment_of(now), coming).at(0);
  }

  std::vector<RunUsage> runs_;
  std::vector<StorageMeasure> measures_;
  Payer payer_{"churn", "team-a"};
};

TEST_F(Budgets, CountWhatIsSpentInTheirPeriod) {
  spend("2026-10-31T22:30:00Z", 1);
  spend("2026-11-01T00:00:00Z", 2);
  spend("2026-11-27T10:00:00Z", 4);
  const BudgetState month = state(budget_of(100), "2026-11-27T12:00:00Z");
  EXPECT_EQ(month.spent.amount, eur(6));
  EXPECT_EQ(month.left(), eur(94));
  EXPECT_EQ(month.period.label, "2026-11");
  EXPECT_EQ(state(budget_of(100, "day"), "2026-11-27T12:00:00Z").spent.amount, eur(4));
  EXPECT_EQ(state(budget_of(100, "year"), "2026-11-27T12:00:00Z").spent.amount, eur(7));
  EXPECT_EQ(state(budget_of(100, "all"), "2026-11-27T12:00:00Z").spent.amount, eur(7));
  EXPECT_EQ(state(budget_of(100), "2026-12-01T00:00:00Z").spent.amount, Money());
}

TEST_F(Budgets, ARunOverTheBorderCountsInBothPeriods) {
  spend("2026-11-30T23:30:00Z", 8);
  EXPECT_EQ(state(budget_of(100), "2026-11-30T23:59:59Z").spent.amount, eur(4));
  EXPECT_EQ(state(budget_of(100), "2026-12-01T00:30:00Z").spent.amount, eur(4));
}

TEST_F(Budgets, TheFirstNightOfAMonthStandsForAll) {
  spend("2026-11-01T02:00:00Z", 6);
  EXPECT_EQ(state(budget_of(200), "2026-11-01T07:00:00Z").expected, eur(180));  // 30 nights × 6.00
  spend("2026-11-02T02:00:00Z", 6);
  EXPECT_EQ(state(budget_of(200), "2026-11-02T07:00:00Z").expected, eur(180));
  EXPECT_EQ(state(budget_of(200), "2026-11-30T23:00:00Z").expected, eur(12));
}

TEST_F(Budgets, ADayAndAllTimeHaveNoRate) {
  spend("2026-11-01T02:00:00Z", 6);
  EXPECT_EQ(state(budget_of(200, "day"), "2026-11-01T07:00:00Z").expected, eur(6));
  EXPECT_EQ(state(budget_of(200, "all"), "2026-11-01T07:00:00Z").expected, eur(6));
}

TEST_F(Budgets, AtLeastWhatIsComingIsExpected) {
  spend("2026-11-30T02:00:00Z", 6);
  EXPECT_EQ(state(budget_of(200), "2026-11-30T07:00:00Z", eur(10)).expected, eur(16));
  EXPECT_EQ(state(budget_of(200, "month", "model", "other"), "2026-11-30T07:00:00Z", eur(10)).expected,
            Money());
}

TEST_F(Budgets, ModelsAndTeamsCountTheirOwn) {
  spend("2026-11-01T02:00:00Z", 1, "churn", "team-a");
  spend("2026-11-01T03:00:00Z", 2, "churn", "team-b");
  spend("2026-11-01T04:00:00Z", 4, "fraud", "team-a");
  const std::string now = "2026-11-05T00:00:00Z";
  EXPECT_EQ(state(budget_of(9, "month", "model"), now).spent.amount, eur(3));
  EXPECT_EQ(state(budget_of(9, "month", "model", "fraud"), now).spent.amount, eur(4));
  EXPECT_EQ(state(budget_of(9, "month", "team"), now).spent.amount, eur(5));
  EXPECT_EQ(state(budget_of(9, "month", "team", "team-b"), now).spent.amount, eur(2));
  EXPECT_TRUE(state(budget_of(9, "month", "team"), now).concerns_payer);
  EXPECT_FALSE(state(budget_of(9, "month", "team", "team-b"), now).concerns_payer);
  EXPECT_EQ(state(budget_of(9, "month", "team"), now).budget.of, "team-a");
}

TEST_F(Budgets, StorageIsTheWorkspacesAlone) {
  measures_ = {{moment_of("2026-11-01T00:00:00Z"), 1'000'000'000, "EUR", eur(73)}};
  payer_ = {};
  const std::string now = "2026-11-02T00:00:00Z";
  EXPECT_EQ(state(budget_of(9), now).spent.amount, eur(2.4));
  EXPECT_EQ(state(budget_of(9, "month", "team"), now).spent.amount, Money());
  EXPECT_EQ(state(budget_of(9, "month", "model"), now).spent.amount, Money());
}

}  // namespace
}  // namespace millrace
