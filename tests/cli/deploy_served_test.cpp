// Deployments to a real server under real requests: from start to end, killed and taken up again, by hand.
#include <csignal>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/served_endpoint.hpp"

namespace millrace {
namespace {

using testing_support::Answer;
using testing_support::ask;
using testing_support::Asker;
using testing_support::ProcessResult;
using testing_support::Workbench;

class DeployServed : public testing_support::ServedEndpoint {
 protected:
  std::vector<std::string> ask_each() {
    std::vector<std::string> predictions;
    for (std::size_t i = 0; i < rows.size(); ++i)
      predictions.push_back(ask(address(), endpoint_, rows, i).predictions);
    return predictions;
  }
  // The version before answers, with the bits it always had, until the new one answers all.
  static void expect_one_change(const std::vector<Answer>& answers, const std::vector<std::string>& before) {
    bool changed = false;
    std::size_t others = 0;
    for (const Answer& answer : answers) {
      ASSERT_EQ(answer.status, 200) << answer.predictions;
      changed = changed || answer.version == 2;
      ASSERT_EQ(answer.version, changed ? 2U : 1U);
      const bool as_before = answer.predictions == before[answer.row];
      ASSERT_TRUE(changed || as_before) << answer.predictions << " instead of " << before[answer.row];
      if (!as_before) ++others;
    }
    EXPECT_TRUE(changed);
    EXPECT_GT(others, 0U);  // the two can be told apart
  }
  // A deployment that is watched by nobody but its rules ends with the new version.
  std::vector<Answer> deploy_under_requests(const std::vector<std::string>& settings) {
    Asker asker(address(), endpoint_, rows);
    const ProcessResult result = deploy(second, settings);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    eventually([&] { return asker.has_seen(2); });
    return asker.finish();
  }
  // The deployment is killed at its K-th operation, for each K until one gets by; what it did stays done.
  // Returns whether one was killed between a step's entry in the journal and the state that servers follow.
  bool kill_at_each(const std::string& operation) {
    bool torn = false;
    for (int k = 1; k < 100; ++k) {
      const ProcessResult killed =
          bench->millrace_under(fmt::format("{}:{}:drop", operation, k), words(second));
      const bool is_step = entries().back().at("type") == "step";
      torn = torn || (is_step && state().generation < standing().state.value().generation);
      if (killed.exit_code == 0) return torn;
      EXPECT_EQ(killed.exit_code, 137) << killed.err;
    }
    ADD_FAILURE() << "it never ends";
    return torn;
  }
};

TEST_F(DeployServed, AShadowIsPromotedAndUntilThenTheOldVersionsAnswersAreItsOwn) {
  const auto before = ask_each();
  expect_one_change(deploy_under_requests({"mode=shadow"}), before);
  EXPECT_EQ(story(), "deploy deploy promote");
  const Json shadow = entries().back().at("figures").at("shadow");
  EXPECT_GE(shadow.at("compared"), 20);
  EXPECT_GT(shadow.at("largest_difference"), 0);
  EXPECT_EQ(shadow.at("failed"), 0);
}

TEST_F(DeployServed, ADarkLaunchIsLoadedAndAskedNothingUntilItIsPromoted) {
  const auto before = ask_each();
  expect_one_change(deploy_under_requests({"canary=0", "steps=[100]"}), before);
  EXPECT_EQ(story(), "deploy deploy promote");
  EXPECT_EQ(entries().back().at("figures").at("candidate").at("requests"), 0);
}

TEST_F(DeployServed, ACanaryIsSteppedUp) {
  for (const Answer& answer : deploy_under_requests({})) ASSERT_EQ(answer.status, 200) << answer.predictions;
  expect_stepped_up();
}

TEST_F(DeployServed, OneThatIsKilledInItsWindowGoesOnAndEndsAsAnUndisturbedOne) {
  const Asker asker(address(), endpoint_, rows);
  const auto killed = deploy_meanwhile(second, {"window=600"});
  eventually([&] { return candidate_is_asked(); });
  killed->signal(SIGKILL);
  EXPECT_EQ(killed->wait(30), 128 + SIGKILL);
  EXPECT_EQ(state().candidate.value().percent, 30);
  EXPECT_EQ(story(), "deploy deploy");
  const ProcessResult again = deploy(second);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  expect_stepped_up();
}

TEST_F(DeployServed, OneThatIsKilledBeforeEachOfItsEntriesEndsAsAnUndisturbedOne) {
  const Asker asker(address(), endpoint_, rows);
  kill_at_each("link");
  expect_stepped_up();
}

TEST_F(DeployServed, OneThatIsKilledInTheMiddleOfEachStepEndsAsAnUndisturbedOne) {
  const Asker asker(address(), endpoint_, rows);
  EXPECT_TRUE(kill_at_each("rename"));
  expect_stepped_up();
}

TEST_F(DeployServed, APauseKeepsTheShareAndAResumeGoesOn) {
  const Asker asker(address(), endpoint_, rows);
  const auto deployment = deploy_meanwhile(second, {"window=3"});
  eventually([&] { return candidate_is_asked(); });
  ASSERT_EQ(by_hand("pause", "let me look").exit_code, 0);
  std::this_thread::sleep_for(std::chrono::seconds(4));  // more than a window
  EXPECT_TRUE(deployment->running());
  EXPECT_EQ(state().candidate.value().percent, 30);
  ASSERT_EQ(by_hand("resume", "fine").exit_code, 0);
  EXPECT_EQ(deployment->wait(60), 0);
  EXPECT_EQ(story(), "deploy deploy pause resume step promote");
}

TEST_F(DeployServed, ARollbackByHandEndsTheDeploymentWithItsReason) {
  const Asker asker(address(), endpoint_, rows);
  const auto deployment = deploy_meanwhile(second, {"window=600"});
  eventually([&] { return candidate_is_asked(); });
  ASSERT_EQ(by_hand("rollback", "complaints by telephone").exit_code, 0);
  EXPECT_EQ(deployment->wait(30), static_cast<int>(ExitCode::kGateNotPassed));
  EXPECT_NE(read_file(log()).find("complaints by telephone"), std::string::npos) << read_file(log());
  eventually([&] { return ask_arms(root(), endpoint_)->arms.size() == 1; });
  EXPECT_EQ(ask(address(), endpoint_, rows, 0).version, 1U);
}

TEST_F(DeployServed, APromotionByHandEndsTheDeploymentWell) {
  const Asker asker(address(), endpoint_, rows);
  const auto deployment = deploy_meanwhile(second, {"window=600"});
  eventually([&] { return candidate_is_asked(); });
  ASSERT_EQ(by_hand("promote", "seen enough").exit_code, 0);
  EXPECT_EQ(deployment->wait(30), 0) << read_file(log());
  EXPECT_EQ(bench->latest_run()["outputs"]["deploy"]["reason"], "seen enough");
  eventually([&] { return ask(address(), endpoint_, rows, 0).version == 2; });
}

// Learned with the labels the wrong way round, which no rule can tell until it is known what was right.
TEST_F(DeployServed, AVersionThatLateLabelsShowToBeWorseIsTakenBack) {
  std::string labels = "id,label\n";
  const auto ask_all = [&](const std::string& prefix) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string id = prefix + std::to_string(i);
      EXPECT_EQ(ask(address(), endpoint_, rows, i, id).status, 200);
      labels += id + "," + rows[i].label + "\n";
    }
  };
  ask_all("before-");
  ASSERT_EQ(deploy(package({"data.target.positive=No"}), {"mode=switch"}).exit_code, 0);
  eventually([&] { return ask(address(), endpoint_, rows, 0).version > 1; });
  ask_all("after-");
  bench->write("labels.csv", labels);
  const auto logged = [&] { return split(read_file(folder() + "/requests/requests.jsonl"), '\n').size(); };
  eventually([&] { return logged() > 2 * rows.size(); });

  const std::vector<std::string> abtest{"deploy", "abtest", endpoint_, "--labels", "labels.csv"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = abtest;
    words.insert(words.end(), more.begin(), more.end());
    return bench->millrace(words);
  };
  bench->write("margin.yaml", Workbench::configuration("deployment: { accuracy_margin: 0.1 }\n"));
  // No margin, and one that is given goes before the configuration's.
  const std::vector<std::vector<std::string>> harmless{
      {}, {"--config", "pipeline.yaml"}, {"--config", "margin.yaml", "--rollback-margin", "1"}};
  for (const std::vector<std::string>& words : harmless) {
    const ProcessResult looked = with(words);
    EXPECT_EQ(looked.exit_code, 0) << looked.err;
  }
  EXPECT_EQ(story(), "deploy deploy");
  const ProcessResult back = with({"--config", "margin.yaml"});
  EXPECT_EQ(back.exit_code, static_cast<int>(ExitCode::kGateNotPassed)) << back.err;
  EXPECT_NE(back.err.find("accuracy by labels"), std::string::npos) << back.err;
  EXPECT_EQ(story(), "deploy deploy rollback");
  eventually([&] { return ask(address(), endpoint_, rows, 0).version == 1; });
}

}  // namespace
}  // namespace millrace
