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
using testing_support::causes_of;
using testing_support::prices;
using testing_support::run_usage;
using testing_support::TemporaryFolder;

constexpr const char* kLastEvening =
    "2026-11-30T23:00:00Z";  // the last day: what is expected is what is spent

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

}  // namespace
}  // namespace millrace
