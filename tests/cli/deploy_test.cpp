// millrace run and deploy against a server that tells of its arms, and the actions of `millrace deploy`.
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"
#include "cli/workbench.hpp"
#include "deployment/simulated_server.hpp"
#include "net/running_server.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::RunningServer;
using testing_support::SimulatedServer;
using testing_support::Workbench;

Json to_document(const Histogram& histogram) {
  return {{"borders", histogram.borders}, {"counts", histogram.counts}};
}

Json to_document(const ArmsReport& report) {
  Json arms = Json::array();
  for (const ReportedArm& arm : report.arms) {
    arms.push_back({{"arm", arm.arm},
                    {"artifact", arm.artifact.hex()},
                    {"ready", arm.ready},
                    {"error", arm.error.empty() ? Json(nullptr) : Json(arm.error)},
                    {"requests", arm.counts.requests},
                    {"refused", arm.counts.refused},
                    {"failed", arm.counts.failed},
                    {"latency", to_document(arm.counts.latency)},
                    {"predictions", to_document(arm.counts.predictions)}});
  }
  return {{"generation", report.generation}, {"started", report.started}, {"arms", arms}};
}

class Deploy : public testing::Test {
 protected:
  void SetUp() override {
    bench_.make_data(2, 200);
    bench_.write("pipeline.yaml", Workbench::configuration("evaluation: { gate: false }\n"
                                                           "deployment: { endpoint: churn, window: 0.3, "
                                                           "min_requests: 20, patience: 60 }\n"));
    EXPECT_EQ(run({"run", "pipeline.yaml", "--quiet"}, 2).exit_code, 0);
    publish_file(bench_.path("workspace/deploy/churn/address"),
                 "127.0.0.1:" + std::to_string(server_.port()) + "\n");
  }

  ProcessResult run(const std::vector<std::string>& arguments, int ranks = 0) {
    return bench_.millrace(arguments, ranks);
  }
  // A run that makes another model, which is tried.
  ProcessResult run_another(int number, int ranks = 0) {
    return run({"run", "pipeline.yaml", "--quiet", "--set", fmt::format("training.seed={}", number)}, ranks);
  }
  Json state() { return read_json_file(bench_.path("workspace/deploy/churn/state.json")); }
  Json status() { return Json::parse(run({"deploy", "status", "churn", "--json"}).out).at(0); }
  std::string story() {
    std::string types;
    const Json shown = status();
    for (const Json& entry : shown["journal"]) types += entry["type"].get<std::string>() + " ";
    return types;
  }

  Workbench bench_;
  SimulatedServer simulated_{bench_.path("workspace"), 1000};
  Stopwatch watch_;
  double passed_ = 0;
  RunningServer server_{[this](const HttpRequest&) {
    simulated_.pass(watch_.seconds() - passed_);
    passed_ = watch_.seconds();
    const auto report = simulated_.report();
    return report ? HttpResponse{.body = to_document(*report).dump()} : error_response(404, "nothing");
  }};
};

TEST_F(Deploy, ARunOnSeveralRanksStepsItsModelUp) {
  const ProcessResult result = run_another(2, 3);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(state()["current"]["version"], 2);
  EXPECT_EQ(state()["previous"]["version"], 1);
  EXPECT_EQ(story(), "deploy deploy step promote ");
  EXPECT_EQ(bench_.latest_run()["outputs"]["deploy"]["outcome"], "promoted");
}

TEST_F(Deploy, ARunWhoseModelIsSlowEndsWithItsRollback) {
  simulated_.behaviours[2].latency = 0.5;
  for (int time = 0; time < 2; ++time) {  // the second time it is not tried again
    const ProcessResult result = run_another(2, 2);
    EXPECT_EQ(result.exit_code, static_cast<int>(ExitCode::kGateNotPassed));
    EXPECT_NE(result.err.find("deployment.latency_p99"), std::string::npos) << result.err;
    EXPECT_EQ(bench_.latest_run()["error"]["topic"], "rolled-back");
  }
  EXPECT_EQ(state()["current"]["version"], 1);
  EXPECT_TRUE(state()["candidate"].is_null());
  EXPECT_EQ(story(), "deploy deploy rollback ");
}

TEST_F(Deploy, PeopleDecideByHand) {
  EXPECT_EQ(run({"deploy", "rollback", "churn"}).exit_code, static_cast<int>(ExitCode::kUsage));
  EXPECT_EQ(run({"deploy", "promote", "chrun"}).exit_code, static_cast<int>(ExitCode::kResource));
  ASSERT_EQ(run_another(2).exit_code, 0);
  const ProcessResult back = run({"deploy", "rollback", "churn", "--reason", "complaints", "--json"});
  ASSERT_EQ(back.exit_code, 0) << back.err;
  EXPECT_EQ(Json::parse(back.out)["current"]["version"], 1);
  EXPECT_EQ(state()["current"]["version"], 1);
  const ProcessResult shown = run({"deploy", "status"});
  EXPECT_NE(shown.out.find("churn: test/1 answers since"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("complaints"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("p99"), std::string::npos) << shown.out;
}

TEST_F(Deploy, LabelsThatComeLateRollANewerVersionBack) {
  ASSERT_EQ(run_another(2).exit_code, 0);
  std::string log;
  std::string labels = "id,label\n";
  for (int i = 0; i < 400; ++i) {  // version 1 is right in 9 of 10 answers, version 2 in 6
    const bool churns = i % 2 == 0;
    const int version = i % 4 < 2 ? 1 : 2;
    const bool right = i / 4 % 10 < (version == 1 ? 9 : 6);
    log += Json{{"time", "2026-11-27T10:00:00Z"},
                {"id", std::to_string(i)},
                {"row", 0},
                {"model", "test"},
                {"version", version},
                {"prediction", churns == right ? 0.8 : 0.2}}
               .dump() +
           "\n";
    labels += fmt::format("{},{}\n", i, churns ? "Yes" : "No");
  }
  publish_file(bench_.path("workspace/deploy/churn/requests/node1.jsonl"), log);
  bench_.write("labels.csv", labels);
  const ProcessResult looked = run({"deploy", "abtest", "churn", "--labels", "labels.csv", "--json"});
  ASSERT_EQ(looked.exit_code, 0) << looked.err;
  const Json found = Json::parse(looked.out);
  EXPECT_NEAR(found["newer"]["metrics"]["accuracy"]["value"].get<double>(), 0.6, 1e-9);
  EXPECT_NEAR(found["older"]["metrics"]["accuracy"]["value"].get<double>(), 0.9, 1e-9);
  EXPECT_NEAR(found["difference"]["value"].get<double>(), -0.3, 1e-9);
  EXPECT_EQ(state()["current"]["version"], 2);
  EXPECT_EQ(
      run({"deploy", "abtest", "churn", "--labels", "labels.csv", "--rollback-margin", "0.5"}).exit_code, 0);
  const ProcessResult back =
      run({"deploy", "abtest", "churn", "--labels", "labels.csv", "--rollback-margin", "0.1"}, 2);
  EXPECT_EQ(back.exit_code, static_cast<int>(ExitCode::kGateNotPassed)) << back.err;
  EXPECT_NE(back.err.find("accuracy by labels"), std::string::npos) << back.err;
  EXPECT_EQ(state()["current"]["version"], 1);
}

// The job is preempted: it says so, and the next one goes on.
TEST_F(Deploy, AStoppedDeploymentGoesOnFromItsJournal) {
  const std::vector<std::string> words{"run", "pipeline.yaml", "--quiet", "--set", "training.seed=2"};
  std::vector<std::string> patient = words;
  patient.insert(patient.end(), {"--set", "deployment.window=60"});
  testing_support::BackgroundProcess first(bench_.millrace_command(patient), bench_.path("first.log"),
                                           bench_.folder());
  for (int i = 0; i < 3000 && first.running() && state().value("candidate", Json()).is_null(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  first.signal(SIGUSR1);
  EXPECT_EQ(first.wait(30), static_cast<int>(ExitCode::kStopped));
  EXPECT_EQ(state()["current"]["version"], 1);
  EXPECT_EQ(state()["candidate"]["version"], 2);
  ASSERT_EQ(run(words).exit_code, 0);
  EXPECT_EQ(state()["current"]["version"], 2);
  EXPECT_EQ(story(), "deploy deploy step promote ");
}

}  // namespace
}  // namespace millrace
