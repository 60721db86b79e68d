// With programs in the place of Slurm's that note how they were called.
#include "deployment/server_job.hpp"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

class ServerJob : public testing::Test {
 protected:
  void SetUp() override {
    program("squeue", "cat " + folder_ / "queue" + " 2>/dev/null; true");
    program("sbatch",
            "echo \"$*\" >" + folder_ / "called" + "; env >" + folder_ / "environment" + "; echo 4711");
    ::setenv("PATH", (folder_.path() + ":" + path_).c_str(), 1);
    ::setenv("MILLRACE_JOBS", "/jobs", 1);
    ::setenv("SLURM_JOB_ID", "12", 1);
    ::setenv("SLURM_JOB_PARTITION", "short", 1);
  }
  void TearDown() override {
    ::setenv("PATH", path_.c_str(), 1);
    for (const char* name : {"MILLRACE_JOBS", "SLURM_JOB_ID", "SLURM_JOB_PARTITION"}) ::unsetenv(name);
  }
  void program(const std::string& name, const std::string& body) {
    publish_file(folder_ / name, "#!/bin/sh\n" + body + "\n");
    std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
  }
  testing_support::TemporaryFolder folder_;
  std::string path_ = std::getenv("PATH");
};

TEST_F(ServerJob, IsSubmittedWhereThisJobIsButFreeOfItsAllocation) {
  EXPECT_EQ(submit_server("/work space", "churn"), "4711");
  EXPECT_EQ(read_file(folder_ / "called"),
            "--parsable --job-name=millrace-serve-churn --partition=short /jobs/serve.sbatch churn "
            "--workspace /work space\n");
  EXPECT_EQ(read_file(folder_ / "environment").find("SLURM_JOB"), std::string::npos);
}

TEST_F(ServerJob, OneThatWaitsOrRunsIsEnough) {
  publish_file(folder_ / "queue", "/home/me|/jobs/serve.sbatch churn --workspace /work space\n");
  EXPECT_FALSE(submit_server("/work space", "churn"));
  EXPECT_FALSE(path_exists(folder_ / "called"));
}

TEST_F(ServerJob, OneOfAnotherEndpointOrWorkspaceIsNone) {
  publish_file(folder_ / "queue",
               "/home/me|/jobs/serve.sbatch churn --workspace /other\n"
               "/home/me|/jobs/serve.sbatch churn-2 --workspace /work\n");
  EXPECT_EQ(submit_server("/work", "churn"), "4711");
}

TEST(Serves, TakesTheWordsAsTheyWereSubmitted) {
  const std::string here = std::filesystem::current_path();
  EXPECT_TRUE(serves(here + "|/jobs/serve.sbatch churn", "workspace", "churn"));
  EXPECT_TRUE(serves(here + "|/jobs/serve.sbatch churn --workspace a/b --max-rate 5", "a/b", "churn"));
  EXPECT_TRUE(serves("/x|/jobs/serve.sbatch churn --workspace ../y z/./w --threads 2", "/y z/w", "churn"));
  EXPECT_FALSE(serves("/x|/jobs/serve.sbatch churn", "/y/workspace", "churn"));
  EXPECT_FALSE(serves("/x|/jobs/serve.sbatch churn2", "/x/workspace", "churn"));
  EXPECT_FALSE(serves("/x|/jobs/pipeline.sbatch churn", "/x/workspace", "churn"));
  EXPECT_FALSE(serves("", "/x/workspace", "churn"));
}

TEST_F(ServerJob, SaysWhatSlurmHasAgainstIt) {
  program("sbatch", "echo 'sbatch: error: invalid partition' >&2; exit 1");
  try {
    (void)submit_server("workspace", "churn");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("invalid partition"), std::string::npos) << error.message();
  }
  ::unsetenv("MILLRACE_JOBS");
  EXPECT_THROW((void)submit_server("workspace", "churn"), Error);
}

}  // namespace
}  // namespace millrace
