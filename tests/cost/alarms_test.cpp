#include "cost/alarms.hpp"

#include <memory>
#include <set>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cost/samples.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::prices;
using testing_support::run_usage;
using testing_support::TemporaryFolder;

constexpr const char* kLastEvening =
    "2026-11-30T23:00:00Z";  // the last day: what is expected is what is spent

std::vector<std::string> causes_of(const std::vector<CostAlarm>& alarms) {
  std::vector<std::string> causes;
  for (const CostAlarm& alarm : alarms) causes.push_back(alarm.cause);
  return causes;
}

// A budget of 100 of which so much is spent.
std::vector<CostAlarm> alarms_at(double spent, const std::string& now = kLastEvening, Budget budget = {}) {
  RunUsage run = run_usage("r", "2026-11-01T00:00:00Z", kHourMs, 1);
  run.team = "team-a";
  budget.name = "team-a";
  budget.amount = 100;
  CostConfig config;
  config.budgets = {budget};
  const Moment moment = moment_of(now);
  const auto charges = charges_of({run}, {}, prices(spent, 0), moment);
  return budget_alarms(budget_states(config, {"churn", "team-a"}, charges, moment), "EUR");
}

TEST(BudgetAlarms, NameEachThresholdThatIsReached) {
  using Causes = std::vector<std::string>;
  EXPECT_EQ(causes_of(alarms_at(49.99)), Causes());
  EXPECT_EQ(causes_of(alarms_at(50)),
            (Causes{"budget/team-a/2026-11/50/actual", "budget/team-a/2026-11/50/forecast"}));
  EXPECT_EQ(causes_of(alarms_at(100)).size(), 6U);
}

TEST(BudgetAlarms, ForecastsComeBeforeTheMoneyIsSpent) {
  // 3 on the first of 30 days: 90 are to be expected.
  EXPECT_EQ(
      causes_of(alarms_at(3, "2026-11-01T10:00:00Z")),
      (std::vector<std::string>{"budget/team-a/2026-11/50/forecast", "budget/team-a/2026-11/80/forecast"}));
}

TEST(BudgetAlarms, SayWhatAndHowMuch) {
  const auto alarms = alarms_at(81.5);
  const CostAlarm& alarm = alarms.at(2);
  EXPECT_EQ(alarm.subject, "budget 'team-a' has reached 80 %");
  EXPECT_EQ(alarm.text, "budget 'team-a' has reached 80 % of 2026-11: 81.50 of 100.00 EUR spent");
  EXPECT_EQ(alarm.level, "alert");
  EXPECT_EQ(alarm.details.at("spent"), 81.5);
  EXPECT_EQ(alarm.details.at("percent"), 80);
}

TEST(BudgetAlarms, ACauseIsAPathWhateverTheTeamIsCalled) {
  Budget budget;
  budget.scope = "team";
  budget.alerts = {50};
  EXPECT_EQ(causes_of(alarms_at(50, kLastEvening, budget)).at(0), "budget/team-a/2026-11/50/actual");
  CostConfig config;
  budget.name = "nights";
  budget.amount = 1e-6;
  budget.of = "../../../etc";
  config.budgets = {budget};
  RunUsage run = run_usage("r", "2026-11-01T00:00:00Z", kHourMs, 1);
  run.team = budget.of;
  const auto charges = charges_of({run}, {}, prices(1, 0), moment_of(kLastEvening));
  for (const auto& cause :
       causes_of(budget_alarms(budget_states(config, {}, charges, moment_of(kLastEvening)), "EUR")))
    EXPECT_EQ(cause.find(".."), std::string::npos) << cause;
}

TEST(Told, EachThresholdOnceAcrossRestartsAndAsSpendingGrows) {
  const TemporaryFolder folder;
  std::vector<std::string> told;
  for (const double spent : {10.0, 50.0, 50.0, 79.0, 85.0, 85.0, 120.0, 500.0, 120.0}) {
    const Workspace workspace(folder.path());  // as a process that has just started
    for (const CostAlarm& alarm : claim_untold(workspace, alarms_at(spent))) told.push_back(alarm.cause);
  }
  EXPECT_EQ(told, (std::vector<std::string>{
                      "budget/team-a/2026-11/50/actual", "budget/team-a/2026-11/50/forecast",
                      "budget/team-a/2026-11/80/actual", "budget/team-a/2026-11/80/forecast",
                      "budget/team-a/2026-11/100/actual", "budget/team-a/2026-11/100/forecast"}));
}

TEST(Told, TheNextPeriodIsToldAnew) {
  const TemporaryFolder folder;
  const Workspace workspace(folder.path());
  Budget monthly;
  monthly.alerts = {50};
  Budget yearly = monthly;
  yearly.period = "year";
  EXPECT_EQ(claim_untold(workspace, alarms_at(60, kLastEvening, monthly)).size(), 2U);
  EXPECT_EQ(claim_untold(workspace, alarms_at(60, kLastEvening, monthly)).size(), 0U);
  EXPECT_EQ(claim_untold(workspace, alarms_at(60, kLastEvening, yearly)).size(), 2U);
}

TEST(Told, OfSeveralProcessesOneTellsEach) {
  constexpr int kProcesses = 4;
  constexpr int kAlarms = 50;
  const TemporaryFolder folder;
  std::vector<std::unique_ptr<BackgroundProcess>> processes;
  for (int i = 0; i < kProcesses; ++i) {
    processes.push_back(std::make_unique<BackgroundProcess>(
        std::vector<std::string>{MILLRACE_TELLER, folder / "workspace", std::to_string(kAlarms)},
        folder / fmt::format("{}.log", i)));
  }
  std::multiset<std::string> told;
  for (int i = 0; i < kProcesses; ++i) {
    ASSERT_EQ(processes[static_cast<std::size_t>(i)]->wait(60), 0);
    for (const std::string& line : split(read_file(folder / fmt::format("{}.log", i)), '\n'))
      if (!line.empty()) told.insert(line);
  }
  EXPECT_EQ(told.size(), static_cast<std::size_t>(kAlarms));
  EXPECT_EQ(std::set<std::string>(told.begin(), told.end()).size(), told.size());
}

class Spikes : public testing::Test {
 protected:
  // A run of its own day that takes so many hours of a core.
  void add(double hours, const std::string& pipeline = "churn", bool cached = false) {
    const std::string name = fmt::format("r{:02}", runs_.size() + 1);
    RunUsage run = run_usage(name, fmt::format("2026-11-{:02}T02:00:00Z", runs_.size() + 1),
                             static_cast<std::int64_t>(hours * kHourMs), 1);
    run.pipeline = pipeline;
    if (cached) run.stages.clear();
    runs_.push_back(run);
  }
  std::vector<std::string> causes(double cpu_hour = 1) {
    const auto charges = charges_of(runs_, {}, prices(cpu_hour, 0), moment_of(kLastEvening));
    return causes_of(spike_alarms(config_, runs_, charges, runs_.back().run));
  }

  CostConfig config_;  // three times the median of five
  std::vector<RunUsage> runs_;
};

TEST_F(Spikes, ARunBeyondThreeTimesTheMedianIsOne) {
  for (const double hours : {1.0, 2.0, 0.5, 9.0, 1.0}) add(hours);  // the median is 1
  add(3);
  EXPECT_TRUE(causes().empty());
  runs_.pop_back();
  add(3.001);
  EXPECT_EQ(causes(), (std::vector<std::string>{"spike/run/r06", "spike/day/2026-11-06"}));
}

TEST_F(Spikes, WithoutPricesCoreHoursAreCompared) {
  for (int i = 0; i < 5; ++i) add(1);
  add(4);
  EXPECT_EQ(causes(0).size(), 2U);
}

TEST_F(Spikes, TooFewRunsHaveNoUsualCost) {
  for (int i = 0; i < 4; ++i) add(1);
  add(100);
  EXPECT_TRUE(causes().empty());
}

TEST_F(Spikes, RunsThatDidNothingAndOtherPipelinesAreNoMeasure) {
  for (int i = 0; i < 4; ++i) add(1);
  add(0.0001, "churn", true);
  for (int i = 0; i < 3; ++i) add(0.0001, "other");
  add(2.5);
  for (const std::string& cause : causes()) EXPECT_FALSE(cause.starts_with("spike/run/")) << cause;
  runs_.pop_back();
  add(1);
  add(3.5);
  EXPECT_EQ(causes().at(0), "spike/run/r10");
}

TEST_F(Spikes, OnlyTheLastRunsCount) {
  for (int i = 0; i < 5; ++i) add(1);
  for (int i = 0; i < 5; ++i) add(10);
  add(20);
  EXPECT_TRUE(causes().empty());
}

TEST_F(Spikes, ZeroRaisesNone) {
  config_.spike = 0;
  for (int i = 0; i < 5; ++i) add(1);
  add(100);
  EXPECT_TRUE(causes().empty());
}

TEST_F(Spikes, SayWhatIsUsual) {
  for (int i = 0; i < 5; ++i) add(2);
  add(9);
  const auto charges = charges_of(runs_, {}, prices(1, 0), moment_of(kLastEvening));
  EXPECT_EQ(spike_alarms(config_, runs_, charges, "r06").at(0).text,
            "run r06 cost 4.5 times the usual: 9.00 EUR, and the median of the last 5 is 2.00 EUR");
  EXPECT_TRUE(spike_alarms(config_, runs_, charges, "no-such-run").empty());
}

}  // namespace
}  // namespace millrace
