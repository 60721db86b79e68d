#include "deployment/judge.hpp"

#include <gtest/gtest.h>

#include "simulated_server.hpp"
#include "versions.hpp"

namespace millrace {
namespace {

using testing_support::Behaviour;
using testing_support::counts_of;
using testing_support::version;

TrialWindow window(const Behaviour& candidate, double requests, double seconds = 60,
                   const Behaviour& current = {}) {
  return {{version(8), CandidateMode::kCanary, 50}, version(7), seconds, counts_of(current, requests),
          counts_of(candidate, requests),           {}};
}

Decision decide(const TrialWindow& window) {
  return judge(window, DeploymentConfig{}).decision;
}

TEST(Judge, TheLikeOfTheOldVersionPassesOnceWindowAndRequestsAreThere) {
  for (const double seconds : {0.0, 59.0, 60.0, 1000.0}) {
    for (const double requests : {0.0, 1.0, 99.0, 100.0, 1e6}) {
      const bool is_over = seconds >= 60 && requests >= 100;
      EXPECT_EQ(decide(window({}, requests, seconds)), is_over ? Decision::kPass : Decision::kMore)
          << seconds << " s, " << requests;
    }
  }
}

// More of what is bad never helps.
TEST(Judge, FailuresAreJudgedMonotonously) {
  for (const double seconds : {10.0, 60.0}) {
    bool failed = false;
    for (double share = 0; share <= 1; share += 0.005) {
      const bool now = decide(window({.fails = share}, 400, seconds)) == Decision::kFail;
      EXPECT_TRUE(now || !failed) << share << " in " << seconds << " s";
      failed = now;
    }
    EXPECT_TRUE(failed);
  }
}

TEST(Judge, TheLimitOfFailuresIsBeyondThoseOfTheOldVersion) {
  EXPECT_EQ(decide(window({.fails = 0.01}, 1000)), Decision::kPass);
  EXPECT_EQ(decide(window({.fails = 0.012}, 1000)), Decision::kFail);
  EXPECT_EQ(decide(window({.fails = 0.05}, 1000, 60, {.fails = 0.045})), Decision::kPass);
}

TEST(Judge, ALatencyAtTheLimitPassesAndOneAboveItFails) {
  EXPECT_EQ(decide(window({.latency = 0.1}, 1000)), Decision::kPass);
  const TrialVerdict slow = judge(window({.latency = 0.5}, 1000), {});
  EXPECT_EQ(slow.decision, Decision::kFail);
  EXPECT_NE(slow.reason.find("p99 of churn/8 is 1 s"), std::string::npos) << slow.reason;
  EXPECT_EQ(decide(window({.latency = 0.5}, 1000, 60, {.latency = 0.5})), Decision::kPass);
  EXPECT_EQ(decide(window({.latency = 5}, 1000, 60, {.latency = 0.5})), Decision::kFail);
}

TEST(Judge, OneSlowAnswerInAHundredIsWithinThePercentile) {
  TrialWindow one = window({}, 100);
  one.of_candidate.latency.counts = {0, 99, 0, 0, 1};
  EXPECT_EQ(decide(one), Decision::kPass);
  one.of_candidate.latency.counts = {0, 98, 0, 0, 2};
  EXPECT_EQ(decide(one), Decision::kFail);
}

TEST(Judge, DriftNeedsMoreThanChance) {
  EXPECT_EQ(decide(window({.scores = {0, 0, 10, 0, 0}}, 1000)), Decision::kFail);
  EXPECT_EQ(decide(window({.scores = {1, 2, 4, 2, 1.5}}, 1000)), Decision::kPass);
}

TEST(Judge, TheShadowsAgreementIsExactAtItsLimit) {
  TrialWindow shadow = window({}, 0);
  shadow.candidate.mode = CandidateMode::kShadow;
  shadow.shadow = ShadowReport{100, 80, 0, 3, 0.1};
  EXPECT_EQ(decide(shadow), Decision::kPass);
  shadow.shadow->agreed = 79;
  EXPECT_EQ(decide(shadow), Decision::kFail);
  shadow.shadow = ShadowReport{99, 99, 0, 0, 0};
  EXPECT_EQ(decide(shadow), Decision::kMore);
  shadow.shadow = ShadowReport{98, 98, 2, 0, 0};
  EXPECT_EQ(decide(shadow), Decision::kFail);  // it could not score two of them
}

TEST(Judge, FiguresHoldNoInfinity) {
  const Json figures = figures_of(window({.latency = 50}, 100));
  EXPECT_TRUE(figures.at("/candidate/p99"_json_pointer).is_null());
  EXPECT_NO_THROW((void)canonical_json(figures));
}

}  // namespace
}  // namespace millrace
