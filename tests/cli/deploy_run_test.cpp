// millrace deploy --run: the artifact of a finished run, whatever has happened to the sources since.
#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cli/workbench.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::Workbench;

class DeployRun : public testing::Test {
 protected:
  void SetUp() override { bench_.make_data(2, 200); }

  // The run's name.
  std::string succeed(const std::vector<std::string>& arguments, int ranks = 0) {
    const ProcessResult result = bench_.millrace(arguments, ranks);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return bench_.latest_run().at("run");
  }

  void expect_failure(const std::vector<std::string>& arguments, ExitCode code, const std::string& part) {
    const ProcessResult result = bench_.millrace(arguments, 2);
    EXPECT_EQ(result.exit_code, static_cast<int>(code)) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
    EXPECT_FALSE(std::filesystem::exists(bench_.path("workspace/deploy/test/state.json")));
  }

  std::string deployed() {
    return read_json_file(bench_.path("workspace/deploy/test/state.json"))["current"]["artifact"];
  }

  Workbench bench_;
};

TEST_F(DeployRun, TakesThatRunsArtifactThoughALaterRunHasAnother) {
  const std::string first = succeed({"package", "pipeline.yaml", "--quiet"}, 2);
  const Json record = bench_.latest_run();
  succeed(
      {"package", "pipeline.yaml", "--quiet", "--set", "model.hidden=[4]", "--set", "evaluation.gate=false"});
  ASSERT_NE(bench_.latest_run()["outputs"]["package"], record["outputs"]["package"]);
  succeed({"deploy", "pipeline.yaml", "--run", first, "--quiet"}, 2);
  EXPECT_EQ(deployed(), record["outputs"]["package"]["artifact"]);
  const Json deployment = bench_.latest_run();
  EXPECT_EQ(deployment["from_run"], first);
  EXPECT_EQ(deployment["dataset"], record["dataset"]);
  ASSERT_EQ(deployment["stages"].size(), 1U);
  EXPECT_EQ(deployment["stages"][0]["name"], "deploy");
}

TEST_F(DeployRun, ReadsNoSource) {
  succeed({"package", "pipeline.yaml", "--quiet"});
  const Json record = bench_.latest_run();
  std::filesystem::remove_all(bench_.path("data"));
  succeed({"deploy", "pipeline.yaml", "--run", "latest", "--quiet"});
  EXPECT_EQ(deployed(), record["outputs"]["package"]["artifact"]);
}

TEST_F(DeployRun, LatestPassesOverRunsThatAreNotDone) {
  const std::string good = succeed({"package", "pipeline.yaml", "--quiet"});
  ASSERT_NE(bench_.millrace({"package", "pipeline.yaml", "--quiet", "--set", "validation.rows.min=1000000"})
                .exit_code,
            0);
  succeed({"deploy", "pipeline.yaml", "--run", "latest", "--quiet"});
  EXPECT_EQ(bench_.latest_run()["from_run"], good);
}

TEST_F(DeployRun, FindsTheNewestRunOfASlurmJob) {
  ::setenv("SLURM_JOB_ID", "4711", 1);
  ::setenv("SLURM_RESTART_COUNT", "2", 1);
  const std::string of_job = succeed({"package", "pipeline.yaml", "--quiet"});
  ::unsetenv("SLURM_RESTART_COUNT");
  ::unsetenv("SLURM_JOB_ID");
  EXPECT_EQ(bench_.latest_run()["slurm"]["job_id"], "4711");
  EXPECT_EQ(bench_.latest_run()["slurm"]["restarts"], 2);
  succeed({"package", "pipeline.yaml", "--quiet"});
  EXPECT_FALSE(bench_.latest_run().contains("slurm"));
  succeed({"deploy", "pipeline.yaml", "--run", "job:4711", "--quiet"});
  EXPECT_EQ(bench_.latest_run()["from_run"], of_job);
}

TEST_F(DeployRun, SaysThatThereIsNoSuchRun) {
  expect_failure({"deploy", "pipeline.yaml", "--run", "latest"}, ExitCode::kResource,
                 "no run of pipeline 'test'");
  expect_failure({"deploy", "pipeline.yaml", "--run", "20260101"}, ExitCode::kResource, "no run '20260101'");
  expect_failure({"deploy", "pipeline.yaml", "--run", "job:12"}, ExitCode::kResource, "Slurm job '12'");
  expect_failure({"deploy", "pipeline.yaml", "--run", ""}, ExitCode::kResource, "no run ''");
}

TEST_F(DeployRun, RefusesARunThatFailedOrEndedTooEarlyOrIsAnothers) {
  const std::string early = succeed({"train", "pipeline.yaml", "--quiet"});
  expect_failure({"deploy", "pipeline.yaml", "--run", early}, ExitCode::kUsage,
                 "ended before the stage package");
  ASSERT_EQ(bench_.millrace({"package", "pipeline.yaml", "--quiet", "--set", "validation.rows.min=1000000"})
                .exit_code,
            3);
  const std::string failed = bench_.latest_run()["run"];
  expect_failure({"deploy", "pipeline.yaml", "--run", failed}, ExitCode::kUsage, "is not done: it is failed");
  const std::string good = succeed({"package", "pipeline.yaml", "--quiet"});
  expect_failure({"deploy", "pipeline.yaml", "--run", good, "--set", "name=other"}, ExitCode::kUsage,
                 "one of pipeline 'test', not of 'other'");
}

}  // namespace
}  // namespace millrace
