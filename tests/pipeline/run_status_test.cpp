#include "pipeline/run_status.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/host.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

class RunStatus : public testing::Test {
 protected:
  void write_run(const std::string& name, const std::string& status, pid_t pid,
                 const Json& more = Json::object()) {
    Json record{{"run", name},
                {"pipeline", "churn"},
                {"status", status},
                {"started", now_rfc3339()},
                {"host", host_name()},
                {"pid", pid},
                {"ranks", 2},
                {"stages", {{{"name", "ingest"}, {"cached", true}, {"seconds", 0.5}}}},
                {"outputs", {{"ingest", 1}}}};
    record.update(more);
    publish_file(workspace_.path("runs/" + name + "/run.json"), pretty_json(record));
  }
  void write_events(const std::string& name, const std::string& text) {
    std::ofstream(workspace_.path("runs/" + name + "/events.jsonl"), std::ios::binary) << text;
  }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
};

// A process that has been here and is gone.
pid_t dead_process() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  ::waitpid(pid, nullptr, 0);
  return pid;
}

constexpr const char* kTraining =
    R"({"event":"run.start","time":"2026-11-24T03:00:00.000Z"}
{"event":"stage.start","stage":"train","key":"k","time":"2026-11-24T03:00:00.000Z"}
{"event":"train.progress","epoch":1,"epochs":4,"step":100,"steps":1000,"loss":0.5,"samples_per_second":7,"time":"2026-11-24T03:00:10.000Z"}
{"event":"train.epoch","epoch":1,"epochs":4,"step":250,"steps":1000,"train_loss":0.4,"validation_loss":0.6,"samples_per_second":8,"time":"2026-11-24T03:00:20.000Z"}
{"event":"train.checkpoint","step":200,"path":"p","time":"2026-11-24T03:00:20.000Z"}
{"event":"train.progress","epoch":2,"epochs":4,"step":300,"steps":1000,"loss":0.3,"samples_per_second":9,"time":"2026-11-24T03:00:30.000Z"}
)";

TEST_F(RunStatus, TellsWhereATrainingIs) {
  write_run("r1", "running", ::getpid(), {{"slurm", {{"job_id", "42"}}}});
  write_events("r1", std::string(kTraining) + R"({"event":"train.progress","epoch":3,"st)");
  const Json status = run_status(workspace_, "latest");
  EXPECT_EQ(status["status"], "running");
  EXPECT_EQ(status["slurm"]["job_id"], "42");
  EXPECT_FALSE(status.contains("outputs"));
  ASSERT_EQ(status["stages"].size(), 2U);
  EXPECT_EQ(status["stages"][0]["state"], "cached");
  EXPECT_EQ(status["stages"][1]["name"], "train");
  EXPECT_EQ(status["stages"][1]["state"], "running");
  const Json& training = status["training"];
  EXPECT_EQ(training["epoch"], 2);
  EXPECT_EQ(training["step"], 300);
  EXPECT_EQ(training["loss"], 0.3);
  EXPECT_EQ(training["validation_loss"], 0.6);
  EXPECT_EQ(training["samples_per_second"], 9);
  EXPECT_DOUBLE_EQ(training["seconds_left"], 70);  // 200 steps took 20 s, 700 are left
  EXPECT_EQ(status["checkpoint"]["step"], 200);
  EXPECT_NEAR(status["checkpoint"]["age_seconds"].get<double>() - status["last_event_seconds"].get<double>(),
              10, 1);
}

TEST_F(RunStatus, OfARunWhoseProcessIsGoneIsInterrupted) {
  write_run("r1", "running", dead_process());
  write_events("r1", kTraining);
  const Json status = run_status(workspace_, "r1");
  EXPECT_EQ(status["status"], "interrupted");
  EXPECT_EQ(status["stages"][1]["state"], "interrupted");
  EXPECT_DOUBLE_EQ(status["stages"][1]["seconds"], 30);  // until it was last heard of
  EXPECT_TRUE(status["seconds"].is_null());
  EXPECT_FALSE(status["training"].contains("seconds_left"));
}

TEST_F(RunStatus, NeedsNoEvents) {
  write_run("r1", "done", 1, {{"cost", {{"wall_seconds", 12.5}}}});
  const Json status = run_status(workspace_, "latest");
  EXPECT_EQ(status["seconds"], 12.5);
  EXPECT_EQ(status["stages"].size(), 1U);
  EXPECT_FALSE(status.contains("training"));
  EXPECT_FALSE(status.contains("last_event_seconds"));
}

TEST_F(RunStatus, LatestIsTheNewestByName) {
  write_run("20261124T030000.000Z-1", "done", 1);
  write_run("20261124T040000.000Z-1", "failed", 1);
  EXPECT_EQ(run_status(workspace_, "latest")["run"], "20261124T040000.000Z-1");
}

TEST_F(RunStatus, OfNoRunNamesTheNearestOne) {
  EXPECT_THROW(run_status(workspace_, "latest"), Error);
  write_run("20261124T030000.000Z-1", "done", 1);
  try {
    run_status(workspace_, "20261124T030000.000Z-2");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    EXPECT_NE(error.message().find("did you mean '20261124T030000.000Z-1'"), std::string::npos)
        << error.message();
  }
}

TEST_F(RunStatus, WhatARunThatHasNotEndedCostsIsReckonedUntilNowOrItsLastEvent) {
  const Json held{
      {"cost", {{"cores", 4}, {"gpus", 0}, {"currency", "EUR"}, {"prices", {{"cpu_hour", 3600}}}}},
      {"started", "2026-11-24T03:00:00.000Z"}};
  write_run("r1", "running", dead_process(), held);
  write_events("r1", kTraining);  // half a minute
  const Json interrupted = run_status(workspace_, "r1")["cost"];
  EXPECT_EQ(interrupted["wall_seconds"], 30);
  EXPECT_EQ(interrupted["amount"], 120);
  Json elsewhere = held;
  elsewhere["host"] = "elsewhere";  // where nobody knows whether it lives
  write_run("r2", "running", ::getpid(), elsewhere);
  EXPECT_GT(run_status(workspace_, "r2")["cost"]["amount"], 120);
  write_run("r3", "running", ::getpid());  // of an earlier version
  EXPECT_FALSE(run_status(workspace_, "r3").contains("cost"));
}

TEST_F(RunStatus, NoTimeIsNegativeThoughTheClockWasSetBack) {
  write_run("r1", "running", ::getpid(), {{"started", "2099-01-01T00:00:00.000Z"}});
  write_events("r1",
               R"({"event":"stage.start","stage":"train","key":"k","time":"2099-01-01T00:00:01.000Z"}
{"event":"train.checkpoint","step":200,"path":"p","time":"2099-01-01T00:00:02.000Z"}
)");
  const Json status = run_status(workspace_, "r1");
  EXPECT_EQ(status["seconds"], 0);
  EXPECT_EQ(status["stages"][1]["seconds"], 0);
  EXPECT_EQ(status["checkpoint"]["age_seconds"], 0);
  EXPECT_EQ(status["last_event_seconds"], 0);
}

}  // namespace
}  // namespace millrace
