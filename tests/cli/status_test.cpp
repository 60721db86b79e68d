// millrace status and the logs of a run, through the real executable.
#include <algorithm>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "base/events.hpp"
#include "base/file.hpp"
#include "cli/workbench.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::Workbench;

const std::vector<std::string> kLongTraining{"train", "pipeline.yaml", "--quiet",
                                             "--set=training.epochs=100000",
                                             "--set=training.early_stopping=false"};

Json status_of(const Workbench& bench) {
  const auto status = bench.millrace({"status", "--json"});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  return Json::parse(status.out, nullptr, false);
}

// Waits until the run has told of its progress twice, or the job has ended.
void wait_for_progress(const Workbench& bench, BackgroundProcess& job) {
  const auto told = [&] {
    const auto events = read_events(bench.path("workspace/runs/latest/events.jsonl"));
    return std::ranges::count_if(events,
                                 [](const Json& event) { return event["event"] == "train.progress"; });
  };
  while (job.running() && told() < 2) std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

TEST(Status, FollowsATrainingToItsInterruption) {
  const Workbench bench;
  bench.make_data(2, 400);
  BackgroundProcess job(bench.millrace_command(kLongTraining), bench.path("job.log"), bench.folder());
  wait_for_progress(bench, job);
  const Json status = status_of(bench);
  ASSERT_EQ(status["status"], "running") << read_file(bench.path("job.log"));
  EXPECT_EQ(status["pid"], job.pid());
  EXPECT_EQ(status["stages"].size(), 4U);
  EXPECT_EQ(status["stages"][2]["state"], "done");
  EXPECT_EQ(status["stages"][3]["state"], "running");
  EXPECT_EQ(status["training"]["epochs"], 100000);
  EXPECT_GT(status["training"]["samples_per_second"], 0);
  EXPECT_GT(status["training"]["seconds_left"], 0);
  EXPECT_GT(status["training"]["steps"], status["training"]["step"]);
  EXPECT_NE(bench.millrace({"status"}).out.find(" left"), std::string::npos);
  EXPECT_NE(bench.millrace({"runs"}).out.find("running"), std::string::npos);

  job.signal(SIGKILL);
  job.wait(10);
  EXPECT_EQ(status_of(bench)["status"], "interrupted");
  EXPECT_NE(bench.millrace({"status"}).out.find("interrupted"), std::string::npos);
}

TEST(Status, TellsHowARunEnded) {
  const Workbench bench;
  bench.make_data(2, 400);
  ASSERT_EQ(bench.millrace({"run", "pipeline.yaml", "--quiet"}, 2).exit_code, 0);
  const auto done = bench.millrace({"status"});
  for (const char* part : {"done after", "2 ranks", "deploy", "epoch 3/3", "auc", "exit code 0"})
    EXPECT_NE(done.out.find(part), std::string::npos) << part << " is not in\n" << done.out;

  const auto failed =
      bench.millrace({"run", "pipeline.yaml", "--quiet", "--set=data.target.column=chrned"}, 2);
  EXPECT_NE(failed.exit_code, 0);
  const Json status = status_of(bench);
  EXPECT_EQ(status["status"], "failed");
  EXPECT_EQ(status["exit_code"], failed.exit_code);
  const std::string message = status["error"]["message"];
  const std::string shown = bench.millrace({"status"}).out;
  EXPECT_NE(shown.find(message), std::string::npos);
  EXPECT_NE(shown.find("millrace explain unknown-column"), std::string::npos) << shown;
}

TEST(Status, OfAnUnknownRunIsAMissingResource) {
  const Workbench bench;
  const auto result = bench.millrace({"status", "--workspace", "nowhere"});
  EXPECT_EQ(result.exit_code, 6);
  EXPECT_NE(result.err.find("there is no run in the workspace 'nowhere'"), std::string::npos) << result.err;
}

TEST(RunLog, IsRankZerosAloneWhereNothingIsWrong) {
  const Workbench bench;
  bench.make_data(2, 400);
  ASSERT_EQ(bench.millrace({"run", "pipeline.yaml", "--quiet"}, 3).exit_code, 0);
  EXPECT_EQ(list_folder(bench.path("workspace/runs/latest/log")), std::vector<std::string>{"rank-0.log"});
  const std::string log = read_file(bench.path("workspace/runs/latest/log/rank-0.log"));
  for (const char* stage :
       {"ingest", "validate", "features", "train", "evaluate", "register", "package", "deploy"})
    EXPECT_NE(log.find(stage), std::string::npos) << log;
}

TEST(RunLog, HasTheErrorThatEndedTheRun) {
  const Workbench bench;
  bench.make_data(2, 400);
  const auto failed =
      bench.millrace({"run", "pipeline.yaml", "--quiet", "--set=validation.rows.min=1000000"}, 2);
  EXPECT_EQ(failed.exit_code, 3) << failed.err;
  EXPECT_EQ(list_folder(bench.path("workspace/runs/latest/log")), std::vector<std::string>{"rank-0.log"});
  const std::string log = read_file(bench.path("workspace/runs/latest/log/rank-0.log"));
  const std::string message = bench.latest_run()["error"]["message"];
  EXPECT_NE(log.find(" error rank 0 "), std::string::npos) << log;
  EXPECT_NE(log.find(message.substr(0, message.find('\n'))), std::string::npos) << log;
}

}  // namespace
}  // namespace millrace
