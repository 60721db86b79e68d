#include "cost/stop.hpp"

#include <gtest/gtest.h>

#include "cost/samples.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::expect_topic;
using testing_support::prices;
using testing_support::run_usage;

class Stop : public testing::Test {
 protected:
  Stop() {
    budget_.name = "team-a";
    budget_.amount = 20;
    budget_.stop = true;
  }

  // A run of an hour and a core that costs so much, after one that cost `spent`.
  std::vector<Error> reasons(double spent, double coming, bool needs_gpu = false, double reserved = 0) {
    RunUsage before = run_usage("r", "2026-11-01T00:00:00Z", kHourMs, 1);
    before.prices = prices(spent, 0);
    const Moment now = moment_of("2026-11-27T00:00:00Z");
    CostConfig config;
    config.budgets = {budget_};
    auto states =
        budget_states(config, {"churn", "team-a"}, charges_of({before}, {}, prices(0, 0), now), now);
    Reservation held;
    held.amount = Money::of(reserved, "");
    held.currency = "EUR";
    count_reservations(states, {held}, "EUR");
    RunForecast forecast;
    for (const std::string& stage : stages_) forecast.stages.push_back({stage, 1, false, false, {}});
    if (!stages_.empty()) forecast.stages[0].cost.amount = Money::of(coming, "");
    return refusals(states, forecast, needs_gpu, prices_);
  }

  Budget budget_;
  Prices prices_ = prices(1, 1);
  std::vector<std::string> stages_{"train"};
};

TEST_F(Stop, ARunThatFitsExactlyMayBegin) {
  EXPECT_TRUE(reasons(16.9, 3.1).empty());
  EXPECT_EQ(reasons(16.9, 3.100001).size(), 1U);
}

TEST_F(Stop, SaysWhatItWouldCostAndWhatIsLeft) {
  const auto refused = reasons(16.9, 12.4);
  ASSERT_EQ(refused.size(), 1U);
  expect_topic(refused[0], Topic::kOverBudget);
  EXPECT_EQ(refused[0].message(),
            "this run would cost about 12.40 EUR, and budget 'team-a' has 3.10 EUR left until 2026-12-01; "
            "--override-budget REASON begins it nevertheless");
}

TEST_F(Stop, WhatIsReservedCountsAsSpent) {
  EXPECT_TRUE(reasons(10, 5, false, 5).empty());
  const auto refused = reasons(10, 5, false, 5.5);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].message(),
            "this run would cost about 5.00 EUR, and budget 'team-a' has 4.50 EUR left until 2026-12-01, "
            "beside 5.50 EUR for runs that go on; --override-budget REASON begins it nevertheless");
  EXPECT_EQ(reasons(10, 0, false, 10).size(), 1U);
}

TEST_F(Stop, ABudgetThatIsSpentStopsRunsOfUnknownCostToo) {
  EXPECT_TRUE(reasons(19.99, 0).empty());
  EXPECT_EQ(reasons(20, 0).size(), 1U);
}

TEST_F(Stop, ARunWithNothingToDoMayBegin) {
  stages_.clear();
  EXPECT_TRUE(reasons(500, 0).empty());
}

TEST_F(Stop, BudgetsOfOthersAndThoseWithoutStopRefuseNothing) {
  budget_.stop = false;
  EXPECT_TRUE(reasons(500, 10).empty());
  budget_.stop = true;
  budget_.scope = "team";
  budget_.of = "team-b";
  EXPECT_TRUE(reasons(500, 10).empty());
}

TEST_F(Stop, WithoutThePriceNobodyKnows) {
  prices_.gpu_hour.reset();
  EXPECT_TRUE(reasons(1, 1).empty());
  const auto refused = reasons(1, 1, true);
  ASSERT_EQ(refused.size(), 1U);
  expect_topic(refused[0], Topic::kNoPrice);
  EXPECT_EQ(refused[0].message(),
            "budget 'team-a' of cost.budgets has stop: true, and cost.prices has no gpu_hour, which this run "
            "needs");
  prices_.cpu_hour.reset();
  EXPECT_NE(reasons(1, 1).at(0).message().find("no cpu_hour"), std::string::npos);
}

}  // namespace
}  // namespace millrace
