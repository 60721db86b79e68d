#include "deployment/rollout.hpp"

#include <gtest/gtest.h>

#include "base/topics.hpp"
#include "deployment/endpoint.hpp"
#include "deployment/endpoint_changes.hpp"
#include "simulated_server.hpp"
#include "support/temporary_folder.hpp"
#include "versions.hpp"

namespace millrace {
namespace {

using testing_support::Behaviour;
using testing_support::SimulatedServer;
using testing_support::version;

// Version 7 is current at the endpoint "churn" and version 8 comes.
class RolloutTo8 : public testing::Test {
 protected:
  void SetUp() override {
    EndpointJournal(folder_.path(), "churn").change([](const Standing& now) {
      return EndpointChange{"deploy", version(7), "the first", switched(now.state, "churn", version(7))};
    });
    rules_.window = 60;
    rules_.min_requests = 100;
    rules_.patience = 600;
  }

  Rollout rollout(std::uint64_t number = 8) {
    return {folder_.path(),
            "churn",
            version(number),
            rules_,
            {[this] { return server_.report(); }, [this] { return server_.seconds(); }}};
  }
  // To its end, with looks a second apart; `between` comes after each look.
  RolloutResult run(Rollout rollout, const std::function<void()>& between = {}) {
    for (int look = 0; look < 5000; ++look) {
      if (const auto result = rollout.look()) return *result;
      if (between) between();
      server_.pass(1);
    }
    throw internal_error("the rollout does not end");
  }
  // The message of the rollback that it must end with; version 7 answers all the same.
  std::string expect_rollback(Rollout rollout, const std::function<void()>& between = {}) {
    try {
      run(std::move(rollout), between);
      ADD_FAILURE() << "it was promoted";
    } catch (const Error& error) {
      EXPECT_EQ(error.topic(), Topic::kRolledBack) << error.message();
      EXPECT_EQ(state().current.version, 7U);
      EXPECT_FALSE(state().candidate);
      return error.message();
    }
    return "";
  }
  EndpointState state() { return read_endpoint(folder_.path(), "churn").value(); }
  // "deploy step step promote": the journal from the second entry on.
  std::string story() {
    std::string types;
    for (const Json& entry : EndpointJournal(folder_.path(), "churn").entries())
      types += (types.empty() ? "" : " ") + entry.at("type").get<std::string>();
    return types;
  }
  Json last_entry() { return EndpointJournal(folder_.path(), "churn").entries().back(); }

  testing_support::TemporaryFolder folder_;
  DeploymentConfig rules_;
  SimulatedServer server_{folder_.path(), 50};
};

TEST_F(RolloutTo8, AGoodVersionIsSteppedUpToAllRequests) {
  const RolloutResult result = run(rollout());
  EXPECT_EQ(result.outcome, "promoted");
  EXPECT_EQ(state().current.version, 8U);
  EXPECT_EQ(state().previous, version(7));
  EXPECT_EQ(story(), "deploy deploy step promote");
  EXPECT_EQ(last_entry().at("/figures/percent"_json_pointer), 50);
  EXPECT_GE(last_entry().at("/figures/candidate/requests"_json_pointer), 1400);  // 60 s of 25 a second
}

TEST_F(RolloutTo8, EachBadOneIsRolledBackForItsReason) {
  Behaviour slow;
  slow.latency = 0.5;
  Behaviour failing;
  failing.fails = 0.05;
  Behaviour refusing;
  refusing.refuses = 0.05;
  Behaviour shuffled;
  shuffled.scores = {0, 0, 10, 0, 0};
  Behaviour broken;
  broken.ready = false;
  broken.error = "its golden rows differ";
  std::uint64_t number = 8;
  for (const auto& [behaviour, words] :
       {std::pair{slow, "deployment.latency_p99"}, std::pair{failing, "failed"},
        std::pair{refusing, "were refused"}, std::pair{shuffled, "deployment.max_drift"},
        std::pair{broken, "its golden rows differ"}}) {
    server_.behaviours[number] = behaviour;
    const std::string message = expect_rollback(rollout(number));
    EXPECT_NE(message.find(words), std::string::npos) << message;
    EXPECT_NE(message.find("churn/" + std::to_string(number)), std::string::npos) << message;
    EXPECT_EQ(last_entry().at("type"), "rollback");
    ++number;
  }
}

TEST_F(RolloutTo8, WhatIsSurelyBadDoesNotWaitForTheWindow) {
  server_.behaviours[8].fails = 1;
  expect_rollback(rollout());
  EXPECT_LT(server_.seconds(), 10);
}

TEST_F(RolloutTo8, TroubleThatBothHaveIsNotTheCandidates) {
  for (const std::uint64_t number : {7, 8})
    server_.behaviours[number] = {.latency = 0.5, .fails = 0.2, .refuses = 0.1};
  EXPECT_EQ(run(rollout()).outcome, "promoted");
}

// Wherever it is killed: another process ends as it would have ended.
TEST_F(RolloutTo8, AnotherProcessGoesOnFromTheJournal) {
  for (int killed_every = 1; killed_every < 150; killed_every += 37) {
    const auto number = static_cast<std::uint64_t>(100 + killed_every);
    Rollout now = rollout(number);
    std::optional<RolloutResult> result;
    for (int look = 0; look < 5000 && !result; ++look) {
      if (killed_every >= 75 && look > 0 && look % killed_every == 0) now = rollout(number);
      if (killed_every < 75 && look < 40 && look % killed_every == 0) now = rollout(number);
      result = now.look();
      server_.pass(1);
    }
    ASSERT_TRUE(result) << killed_every;
    EXPECT_EQ(state().current.version, number);
  }
  EXPECT_EQ(story(),
            "deploy deploy step promote deploy step promote deploy step promote deploy step promote deploy "
            "step promote");
}

TEST_F(RolloutTo8, AServerThatRestartsLosesNothing) {
  int looks = 0;
  EXPECT_EQ(run(rollout(),
                [&] {
                  if (++looks % 25 == 0) server_.restart();
                })
                .outcome,
            "promoted");
  EXPECT_GE(last_entry().at("/figures/candidate/requests"_json_pointer), 1300);
  EXPECT_LE(server_.seconds(), 130);
}

TEST_F(RolloutTo8, AServerThatIsAwayForAWhileIsWaitedFor) {
  EXPECT_EQ(
      run(rollout(), [&] { server_.answers = server_.seconds() < 20 || server_.seconds() > 500; }).outcome,
      "promoted");
}

TEST_F(RolloutTo8, AServerThatDoesNotComeBackTakesTheCandidateWithIt) {
  const std::string message = expect_rollback(rollout(), [&] { server_.answers = server_.seconds() < 20; });
  EXPECT_NE(message.find("has not answered"), std::string::npos) << message;
}

TEST_F(RolloutTo8, AModelThatIsNotLoadedInTimeIsRolledBack) {
  server_.behaviours[8].ready = false;
  EXPECT_NE(expect_rollback(rollout()).find("has not loaded"), std::string::npos);
  EXPECT_NEAR(server_.seconds(), rules_.patience, 2);
}

// A server that answers at the endpoint's address, but for another workspace.
class Intruder {
 public:
  Intruder() {
    EndpointJournal(folder_.path(), "churn").change([](const Standing& now) {
      return EndpointChange{"deploy", version(20), "theirs", switched(now.state, "churn", version(20))};
    });
  }
  [[nodiscard]] std::optional<ArmsReport> report() { return server_.report(); }

 private:
  testing_support::TemporaryFolder folder_;
  SimulatedServer server_{folder_.path(), 50};
};

TEST_F(RolloutTo8, AServerOfAnotherWorkspaceIsNotWatched) {
  Intruder intruder;
  Rollout mistaken(folder_.path(), "churn", version(8), rules_,
                   {[&] { return intruder.report(); }, [this] { return server_.seconds(); }});
  try {
    run(std::move(mistaken));
    ADD_FAILURE() << "it was promoted";
  } catch (const Error& error) {
    EXPECT_EQ(error.topic(), Topic::kResource);
    EXPECT_NE(error.message().find("deploy/churn/address"), std::string::npos) << error.message();
  }
  EXPECT_EQ(story(), "deploy");
}

TEST_F(RolloutTo8, AServerThatIsAboutToFollowIsWaitedFor) {
  Intruder late;  // as one that still shows what was current before
  Rollout patient(folder_.path(), "churn", version(8), rules_,
                  {[&] { return server_.seconds() < 3 ? late.report() : server_.report(); },
                   [this] { return server_.seconds(); }});
  EXPECT_EQ(run(std::move(patient)).outcome, "promoted");
}

TEST_F(RolloutTo8, AServerThatTakesTheAddressAndHasOtherVersionsIsAsOneThatIsGone) {
  Intruder intruder;
  Rollout robbed(folder_.path(), "churn", version(8), rules_,
                 {[&] { return server_.seconds() < 20 ? server_.report() : intruder.report(); },
                  [this] { return server_.seconds(); }});
  EXPECT_NE(expect_rollback(std::move(robbed)).find("has not loaded"), std::string::npos);
}

TEST_F(RolloutTo8, WithoutRequestsTheRuleForQuietDecides) {
  SimulatedServer quiet(folder_.path(), 0.1);
  const RolloutWorld world{[&] { return quiet.report(); }, [&] { return quiet.seconds(); }};
  const auto end = [&](const std::string& rule, std::uint64_t number) -> std::string {
    rules_.quiet = rule;
    Rollout rollout(folder_.path(), "churn", version(number), rules_, world);
    try {
      for (int look = 0; look < 5000; ++look) {
        if (const auto result = rollout.look()) return result->outcome;
        quiet.pass(1);
      }
    } catch (const Error& error) {
      EXPECT_NE(error.message().find("too few requests"), std::string::npos) << error.message();
      return "rolled back";
    }
    return "no end";
  };
  EXPECT_EQ(end("rollback", 8), "rolled back");
  EXPECT_EQ(end("hold", 9), "held");
  EXPECT_EQ(state().candidate->deployed.version, 9U);
  EXPECT_EQ(end("promote", 9), "promoted");
  EXPECT_EQ(story(), "deploy deploy rollback deploy window step promote");
}

TEST_F(RolloutTo8, WithoutAServerOrAWishItSwitchesAtOnce) {
  server_.answers = false;
  EXPECT_EQ(run(rollout()).outcome, "switched");
  server_.answers = true;
  rules_.mode = "switch";
  EXPECT_EQ(run(rollout(9)).outcome, "switched");
  rules_.mode = "canary";
  rules_.canary = 100;
  EXPECT_EQ(run(rollout(10)).outcome, "switched");
  EXPECT_EQ(run(rollout(10)).outcome, "unchanged");
  EXPECT_EQ(server_.seconds(), 0);
  EXPECT_EQ(state().previous->version, 9U);
}

TEST_F(RolloutTo8, AWishToSwitchEndsATrial) {
  (void)rollout().look();
  rules_.mode = "switch";
  EXPECT_EQ(run(rollout()).outcome, "switched");
  EXPECT_EQ(state().current.version, 8U);
  EXPECT_FALSE(state().candidate);
}

TEST_F(RolloutTo8, TheFirstVersionOfAnEndpointIsNotTried) {
  const testing_support::TemporaryFolder other;
  Rollout rollout(other.path(), "churn", version(1), rules_,
                  {[this] { return server_.report(); }, [this] { return server_.seconds(); }});
  EXPECT_EQ(rollout.look()->outcome, "switched");
}

TEST_F(RolloutTo8, AShadowAnswersNothingAndIsJudgedByAgreement) {
  rules_.mode = "shadow";
  server_.behaviours[8].agrees = 0.7;
  EXPECT_NE(expect_rollback(rollout()).find("deployment.min_agreement"), std::string::npos);
  EXPECT_EQ(run(rollout(9)).outcome, "promoted");
  EXPECT_EQ(last_entry().at("/figures/mode"_json_pointer), "shadow");
  EXPECT_GE(last_entry().at("/figures/shadow/compared"_json_pointer), 2900);
}

TEST_F(RolloutTo8, ADarkLaunchNeedsNoRequests) {
  rules_.canary = 0;
  rules_.steps = {};
  EXPECT_EQ(run(rollout()).outcome, "promoted");
  EXPECT_NEAR(server_.seconds(), rules_.window, 2);
  EXPECT_EQ(last_entry().at("/figures/candidate/requests"_json_pointer), 0);
}

TEST_F(RolloutTo8, APersonDecidesOverTheRules) {
  EXPECT_EQ(run(rollout(),
                [&] {
                  if (server_.seconds() == 10) promote_candidate(folder_.path(), "churn", "we know it");
                })
                .reason,
            "we know it");
  EXPECT_EQ(state().current.version, 8U);
  try {
    run(rollout(9), [&] {
      if (server_.seconds() >= 20) roll_back(folder_.path(), "churn", "complaints");
    });
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("complaints"), std::string::npos) << error.message();
  }
  EXPECT_EQ(state().current.version, 8U);
}

TEST_F(RolloutTo8, APauseKeepsTheShareAndAnswersNoQuestion) {
  Rollout paused = rollout();
  (void)paused.look();
  pause_candidate(folder_.path(), "churn", "lunch");
  server_.behaviours[8].fails = 1;
  for (int look = 0; look < 1000; ++look, server_.pass(1)) ASSERT_FALSE(paused.look());
  EXPECT_EQ(state().candidate->percent, rules_.canary);
  server_.behaviours[8].fails = 0;
  server_.restart();
  resume_candidate(folder_.path(), "churn", "back");
  EXPECT_EQ(run(std::move(paused)).outcome, "promoted");
}

TEST_F(RolloutTo8, ANewerVersionTakesItsPlace) {
  Rollout older = rollout();
  (void)older.look();
  Rollout newer = rollout(9);
  (void)newer.look();
  EXPECT_EQ(state().candidate->deployed.version, 9U);
  EXPECT_THROW((void)older.look(), Error);
  EXPECT_EQ(run(std::move(newer)).outcome, "promoted");
}

TEST_F(RolloutTo8, WhatWasRolledBackIsNotTriedAgainUnasked) {
  server_.behaviours[8].latency = 0.5;
  const std::string why = expect_rollback(rollout());
  const std::string before = story();
  const std::string again = expect_rollback(rollout());
  EXPECT_NE(again.find("deployment.retry"), std::string::npos) << again;
  EXPECT_NE(again.find("deployment.latency_p99"), std::string::npos) << again;
  EXPECT_EQ(story(), before);
  server_.behaviours.clear();
  server_.restart();
  rules_.retry = true;
  EXPECT_EQ(run(rollout()).outcome, "promoted");
}

TEST(SharesOf, AscendAndEndBelowTheWhole) {
  DeploymentConfig rules;
  rules.canary = 10;
  rules.steps = {100, 5, 50, 10, 25};
  EXPECT_EQ(shares_of(rules), (std::vector<double>{10, 25, 50}));
}

}  // namespace
}  // namespace millrace
