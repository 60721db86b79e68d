// What is left of a training whose rank is killed, or that is told to stop.
#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "base/file.hpp"
#include "cli/ranks.hpp"
#include "cli/workbench.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::ranks_of;
using testing_support::Workbench;

// The newest checkpoint's name; empty where there is none.
std::string newest_checkpoint(const Workbench& bench) {
  std::string newest;
  for (const std::string& name : list_folder(bench.path("workspace/runs/latest/checkpoints"))) {
    if (name.ends_with(".h5")) newest = name;
  }
  return newest;
}

// Waits until the newest checkpoint has changed `times` times, or the job has ended.
void wait_for_checkpoints(const Workbench& bench, BackgroundProcess& job, int times) {
  std::string last;
  while (times > 0 && job.running()) {
    const std::string newest = newest_checkpoint(bench);
    if (newest != last) --times;
    last = newest;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

// Runs the training with rank `victim` killed after some checkpoints, then again to its end, and beside it
// once undisturbed: the weights are the same, bit for bit.
void kill_and_go_on(int ranks, int victim, int checkpoints) {
  const Workbench bench;
  bench.make_data(4, 2000);
  const std::vector<std::string> train{"train",
                                       "pipeline.yaml",
                                       "--quiet",
                                       "--set=training.epochs=12",
                                       "--set=training.batch_size=64",
                                       "--set=training.checkpoint.every_steps=10",
                                       "--set=training.early_stopping=false"};
  {
    // Not -q: who died is for mpirun to say.
    BackgroundProcess job(bench.millrace_command(train, ranks, "--talkative"), bench.path("killed.log"),
                          bench.folder());
    wait_for_checkpoints(bench, job, checkpoints);
    const auto pids = ranks_of(job.pid());
    ASSERT_EQ(pids.size(), static_cast<std::size_t>(ranks)) << read_file(bench.path("killed.log"));
    ::kill(pids[static_cast<std::size_t>(victim)], SIGKILL);
    const int code = job.wait(10);
    EXPECT_NE(code, -1) << "the job hangs";
    EXPECT_NE(code, 0) << "the job was done before the kill: make it longer";
  }
  const std::string log = read_file(bench.path("killed.log"));
  EXPECT_NE(log.find("signal 9"), std::string::npos) << log;

  ASSERT_EQ(bench.millrace(train, ranks).exit_code, 0);
  const Json resumed = bench.latest_run()["outputs"]["train"];
  EXPECT_GT(resumed["resumed_from_step"], 0);
  std::vector<std::string> undisturbed = train;
  undisturbed.insert(undisturbed.end(), {"--workspace", "undisturbed"});
  ASSERT_EQ(bench.millrace(undisturbed, ranks).exit_code, 0);
  const Json whole = bench.latest_run("undisturbed")["outputs"]["train"];
  EXPECT_EQ(whole["weights"], resumed["weights"]);
  EXPECT_EQ(whole["resumed_from_step"], 0);
}

TEST(Kill, TrainingGoesOnExactlyAfterARankIsKilled) {
  kill_and_go_on(3, 1, 3);
}

TEST(Kill, StopsOnASignalWithACheckpointAndCode75) {
  const Workbench bench;
  bench.make_data(4, 2000);
  const std::vector<std::string> train{"train",
                                       "pipeline.yaml",
                                       "--quiet",
                                       "--set",
                                       "training.epochs=200",
                                       "--set",
                                       "training.early_stopping=false"};
  BackgroundProcess job(bench.millrace_command(train, 2), bench.path("stopped.log"), bench.folder());
  wait_for_checkpoints(bench, job, 2);
  for (const pid_t rank : ranks_of(job.pid())) ::kill(rank, SIGTERM);
  EXPECT_EQ(job.wait(20), 75) << read_file(bench.path("stopped.log"));
  EXPECT_EQ(bench.latest_run()["status"], "stopped");
}

}  // namespace
}  // namespace millrace
