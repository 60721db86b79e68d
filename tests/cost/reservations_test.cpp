#include "cost/reservations.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/host.hpp"
#include "base/publish.hpp"
#include "cost/budget.hpp"
#include "cost/samples.hpp"
#include "storage/journal.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::error_of;
using testing_support::eur;
using testing_support::expect_topic;
using testing_support::prices;
using testing_support::run_usage;

const Moment kNow = moment_of("2026-11-27T12:00:00Z");

Reservation wanted(double amount) {
  Reservation one;
  one.amount = eur(amount);
  one.currency = "EUR";
  one.model = "churn";
  one.team = "team-a";
  return one;
}

// One of another host, made so long ago.
Reservation made(double amount, Moment age, const std::string& host = "elsewhere", int pid = 1) {
  Reservation one = wanted(amount);
  one.number = 7;
  one.host = host;
  one.pid = pid;
  one.time = kNow - age;
  return one;
}

// The run of reservation 7, an hour and a core long so far.
RunUsage its_run(bool running, Moment silent_for, const std::string& host = "elsewhere") {
  RunUsage run = run_usage("r", "2026-11-27T10:00:00Z", kHourMs, 1);
  run.reservation = 7;
  run.running = running;
  run.heard = kNow - silent_for;
  run.host = host;
  return run;
}

Money open(const Reservation& one, const std::vector<RunUsage>& runs = {}) {
  const auto left = open_reservations({one}, runs, charges_of(runs, {}, prices(2, 0), kNow), kNow);
  return left.empty() ? Money() : left.at(0).amount;
}

TEST(Reservations, HoldUntilTheirRunEndsWhatItIsNotChargedYet) {
  EXPECT_EQ(open(made(10, 2 * kHourMs), {its_run(true, 0)}), eur(8));
  EXPECT_EQ(open(made(1, 2 * kHourMs), {its_run(true, 0)}), Money());  // it takes longer than foretold
  EXPECT_EQ(open(made(10, 2 * kHourMs), {its_run(false, 0)}), Money());
  RunUsage other = its_run(false, 0);
  other.reservation = 8;
  EXPECT_EQ(open(made(10, 0), {other}), eur(10));
}

TEST(Reservations, OfARunOnAnotherHostEndWhenItIsNoLongerHeardOf) {
  EXPECT_EQ(open(made(10, 9 * kHourMs), {its_run(true, kSilentAfter - 1)}), eur(8));
  EXPECT_EQ(open(made(10, 9 * kHourMs), {its_run(true, kSilentAfter)}), Money());
  // Of this one it is known whether its process lives.
  EXPECT_EQ(open(made(10, 9 * kHourMs), {its_run(true, kSilentAfter, host_name())}), eur(8));
}

TEST(Reservations, OfARunThatNeverBeginsEndSoon) {
  EXPECT_EQ(open(made(10, kUnbegunAtMost - 1)), eur(10));
  EXPECT_EQ(open(made(10, kUnbegunAtMost)), Money());
  constexpr int kNobody = 0x3FFFFFF0;  // beyond what Linux gives processes
  EXPECT_EQ(open(made(10, kUnbegunFor - 1, host_name(), kNobody)), eur(10));
  EXPECT_EQ(open(made(10, kUnbegunFor, host_name(), kNobody)), Money());
}

TEST(Reservations, CountForTheBudgetsOfTheirRun) {
  const auto reserved = [](const std::string& scope, const std::string& whose, const std::string& currency) {
    CostConfig config;
    Budget budget;
    budget.name = "b";
    budget.amount = 100;
    budget.scope = scope;
    budget.of = whose;
    config.budgets = {budget};
    auto states = budget_states(config, {"churn", "team-a"}, {}, kNow);
    count_reservations(states, {wanted(3), wanted(4)}, currency);
    EXPECT_EQ(states.at(0).left(), eur(100) - states[0].reserved);
    return states[0].reserved;
  };
  EXPECT_EQ(reserved("workspace", "", "EUR"), eur(7));
  EXPECT_EQ(reserved("team", "", "EUR"), eur(7));
  EXPECT_EQ(reserved("model", "churn", "EUR"), eur(7));
  EXPECT_EQ(reserved("team", "team-b", "EUR"), Money());
  EXPECT_EQ(reserved("model", "other", "EUR"), Money());
  EXPECT_EQ(reserved("workspace", "", "CHF"), Money());
}

class Reserving : public testing::Test {
 protected:
  std::uint64_t take(double amount, double budget) const {
    return reserve(Workspace(folder_.path()), wanted(amount), [&](const std::vector<Reservation>& before) {
      Money taken = eur(amount);
      for (const Reservation& one : before) taken += one.amount;
      if (taken > eur(budget)) throw Error(ExitCode::kGateNotPassed, "over budget");
    });
  }

  testing_support::TemporaryFolder folder_;
};

TEST_F(Reserving, IsWrittenDownWithItsHolder) {
  EXPECT_EQ(take(2.5, 10), 1U);
  EXPECT_EQ(take(0, 10), 2U);
  const auto all = recorded_reservations(Workspace(folder_.path()));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].number, 1U);
  EXPECT_EQ(all[0].amount, eur(2.5));
  EXPECT_EQ(all[0].currency, "EUR");
  EXPECT_EQ(all[0].model, "churn");
  EXPECT_EQ(all[0].team, "team-a");
  EXPECT_EQ(all[0].host, host_name());
  EXPECT_EQ(all[0].pid, ::getpid());
  EXPECT_NEAR(static_cast<double>(all[0].time), static_cast<double>(moment_now()), 60'000);
}

TEST_F(Reserving, WhatIsRefusedLeavesNoTrace) {
  EXPECT_EQ(error_of([&] { (void)take(11, 10); }).code(), ExitCode::kGateNotPassed);
  EXPECT_TRUE(recorded_reservations(Workspace(folder_.path())).empty());
}

// Of as many as want to at once, only as many begin as the budget allows.
TEST_F(Reserving, TogetherTheyDoNotExceed) {
  std::atomic<int> begun{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      try {
        (void)take(10, 35);
        ++begun;
      } catch (const Error& error) {
        if (error.code() == ExitCode::kGateNotPassed) ++refused;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(begun, 3);
  EXPECT_EQ(refused, 9);
  EXPECT_EQ(recorded_reservations(Workspace(folder_.path())).size(), 3U);
}

TEST_F(Reserving, WhatIsNoReservationIsAnError) {
  const Journal journal(folder_ / "cost/reservations", "reservations");
  ASSERT_TRUE(journal.publish({}, {{"type", "reserve"}, {"micros", "many"}}));
  EXPECT_EQ(error_of([&] { (void)take(1, 10); }).code(), ExitCode::kResource);
}

}  // namespace
}  // namespace millrace
