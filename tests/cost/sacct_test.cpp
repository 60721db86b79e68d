// sacct/: what Slurm 22.05.8 printed for jobs of a test cluster with slurmdbd, with and without gres/gpu in
// AccountingStorageTRES.
#include "cost/sacct.hpp"

#include <cstdlib>
#include <random>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "cost/samples.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::run_usage;
using testing_support::TemporaryFolder;

std::string recording(const std::string& name) {
  return read_file(std::string(MILLRACE_COST_RECORDINGS) + "/" + name);
}

RunUsage of_job(const std::string& name, const std::string& job, std::int64_t wall_ms,
                std::int64_t gpus = 0) {
  RunUsage run = run_usage(name, "2026-11-01T00:00:00Z", wall_ms, 1, gpus);
  run.job = job;
  return run;
}

TEST(Sacct, ReadsWhatSlurmPrints) {
  const auto jobs = parse_accounting(recording("jobs.txt"));
  ASSERT_EQ(jobs.size(), 6U);               // job 7 is pending
  EXPECT_EQ(jobs.at("1").core_ms, 16'000);  // 4 s of 4 CPUs on two nodes
  EXPECT_EQ(jobs.at("2").core_ms, 2'000);   // failed
  EXPECT_EQ(jobs.at("3").core_ms, 12'000);  // requeued after 4 s, then 8 s
  EXPECT_EQ(jobs.at("4").core_ms, 1'000);   // of an array
  EXPECT_EQ(jobs.at("6").core_ms, 5'000);   // still running
  EXPECT_EQ(jobs.at("1").gpu_ms, 0);
}

TEST(Sacct, ReadsGpus) {
  const auto jobs = parse_accounting(recording("gpus.txt"));
  EXPECT_EQ(jobs.at("9").core_ms, 16'000);
  EXPECT_EQ(jobs.at("9").gpu_ms, 16'000);
}

TEST(Sacct, KnowsWhichJobsHaveEndedForGood) {
  const auto jobs = parse_accounting(recording("jobs.txt"));
  for (const char* id : {"1", "2", "3", "4"}) EXPECT_TRUE(jobs.at(id).ended) << id;
  EXPECT_FALSE(jobs.at("6").ended);  // it runs
  const auto ended = [](const std::string& states) {
    std::string text;
    for (const std::string& state : split(states, ','))
      text += "1|10|" + std::string(state == "PENDING" ? "" : "cpu=2") + "|" + state + "\n";
    return parse_accounting(text).at("1").ended;
  };
  for (const char* states : {"COMPLETED", "CANCELLED by 1000", "FAILED", "TIMEOUT", "OUT_OF_MEMORY",
                             "DEADLINE", "NODE_FAIL,COMPLETED", "REQUEUED,RUNNING,COMPLETED"})
    EXPECT_TRUE(ended(states)) << states;
  for (const char* states : {"RUNNING", "SUSPENDED", "PREEMPTED", "NODE_FAIL", "REQUEUED", "FAILED,RUNNING",
                             "FAILED,PENDING", "BOOT_FAIL", ""})
    EXPECT_FALSE(ended(states)) << states;
}

TEST(Sacct, GpusByKindCountOnce) {
  EXPECT_EQ(parse_accounting("1|10|cpu=2,gres/gpu:a100=3,gres/gpu=3|COMPLETED\n").at("1").gpu_ms, 30'000);
  EXPECT_EQ(parse_accounting("1|10|cpu=2,gres/gpu:a100=3,gres/gpu:h100=1|COMPLETED\n").at("1").gpu_ms,
            40'000);
}

TEST(Sacct, PassesOverWhatIsNoSuchLine) {
  EXPECT_TRUE(parse_accounting("").empty());
  EXPECT_TRUE(parse_accounting("Slurm accounting storage is disabled\n").empty());
  for (const char* line : {"1|4|cpu=4", "x|4|cpu=4|COMPLETED", "1|-4|cpu=4|COMPLETED", "1|4|cpu=|COMPLETED",
                           "1|4|cpu|COMPLETED", "1||cpu=4|COMPLETED", "1.batch|4|cpu=4|COMPLETED", "|||",
                           "1|99999999999999999999|cpu=4|COMPLETED", "1|4|cpu=4|COMPLETED|more"}) {
    EXPECT_TRUE(parse_accounting(std::string(line) + "\n").empty()) << line;
    EXPECT_EQ(parse_accounting(std::string(line) + "\n5|1|cpu=1|COMPLETED\n").size(), 1U) << line;
  }
}

TEST(Sacct, PassesOverDamage) {
  const std::string whole = recording("jobs.txt");
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 2000; ++trial) {
    std::string text = whole.substr(0, random() % (whole.size() + 1));
    for (int flips = 0; flips < 3 && !text.empty(); ++flips)
      text[random() % text.size()] = static_cast<char>(random());
    for (const auto& [id, use] : parse_accounting(text)) {
      EXPECT_FALSE(id.empty());
      EXPECT_GE(use.gpu_ms, 0);
    }
  }
}

TEST(Sacct, AJobsRunsAreChargedWhatItWasGivenByTheirTime) {
  std::vector<RunUsage> runs{of_job("a", "3", 1000), of_job("b", "3", 3000), of_job("c", "4", 10),
                             of_job("d", "", 7), of_job("e", "99", 11)};
  apply_accounting({{"3", {12'000, 0}}, {"4", {1'000, 500}}}, runs);
  EXPECT_EQ(runs[0].core_ms, 3'000);
  EXPECT_EQ(runs[1].core_ms, 9'000);
  EXPECT_EQ(runs[2].core_ms, 1'000);
  EXPECT_EQ(runs[2].gpu_ms, 500);
  EXPECT_EQ(runs[3].core_ms, 7);   // no job
  EXPECT_EQ(runs[4].core_ms, 11);  // a job that the accounting does not know
  EXPECT_TRUE(runs[0].accounted);
  EXPECT_FALSE(runs[3].accounted);
  EXPECT_FALSE(runs[4].accounted);
}

TEST(Sacct, RunsOfNoTimeShareAJobEqually) {
  std::vector<RunUsage> runs{of_job("a", "3", 0), of_job("b", "3", 0), of_job("c", "3", 0)};
  apply_accounting({{"3", {10'000, 0}}}, runs);
  EXPECT_EQ(runs[0].core_ms + runs[1].core_ms + runs[2].core_ms, 10'000);
  for (const RunUsage& run : runs) EXPECT_NEAR(static_cast<double>(run.core_ms), 10'000 / 3.0, 1);
}

TEST(Sacct, GpusThatTheAccountingDoesNotFollowStayTheRuns) {
  std::vector<RunUsage> runs{of_job("a", "1", 4000, 2)};
  apply_accounting(parse_accounting(recording("jobs.txt")), runs);
  EXPECT_EQ(runs[0].core_ms, 16'000);
  EXPECT_EQ(runs[0].gpu_ms, 8'000);
}

// A program of this name in front of all others in PATH.
class FakeSacct : public testing::Test {
 protected:
  void SetUp() override { path_ = std::getenv("PATH"); }
  void TearDown() override { ::setenv("PATH", path_.c_str(), 1); }

  void install(const std::string& body) {
    publish_file(folder_ / "sacct", "#!/bin/sh\necho \"$@\" >>" + (folder_ / "asked") + "\n" + body + "\n");
    ::chmod((folder_ / "sacct").c_str(), 0755);
    ::setenv("PATH", (folder_.path() + ":" + path_).c_str(), 1);
  }
  [[nodiscard]] std::string asked() const {
    return path_exists(folder_ / "asked") ? read_file(folder_ / "asked") : "";
  }

  TemporaryFolder folder_;
  std::string path_;
};

TEST_F(FakeSacct, IsAskedOnceForAllJobs) {
  install("cat " MILLRACE_COST_RECORDINGS "/jobs.txt");
  const Accounting accounting = ask_accounting({"1", "2", "3", "--help", "5;ls", ""});
  EXPECT_EQ(accounting.obstacle, "");
  EXPECT_EQ(accounting.jobs.size(), 6U);
  EXPECT_EQ(asked(),
            "--noheader --parsable2 --allocations --duplicates --format=JobIDRaw,ElapsedRaw,AllocTRES,State "
            "--jobs=1,2,3\n");
}

TEST_F(FakeSacct, IsNotAskedAboutNothing) {
  install("exit 1");
  EXPECT_EQ(ask_accounting({}).obstacle, "");
  EXPECT_EQ(asked(), "");
}

TEST_F(FakeSacct, ItsFailureIsToldWithItsWords) {
  install("echo Slurm accounting storage is disabled >&2; exit 1");
  const Accounting accounting = ask_accounting({"1"});
  EXPECT_TRUE(accounting.jobs.empty());
  EXPECT_EQ(accounting.obstacle, "sacct ended with code 1: Slurm accounting storage is disabled");
}

TEST_F(FakeSacct, OneThatHangsIsEnded) {
  install("sleep 600");
  const Accounting accounting = ask_accounting({"1"}, 0.3);
  EXPECT_TRUE(accounting.jobs.empty());
  EXPECT_EQ(accounting.obstacle, "sacct took longer than 0.3 s");
}

TEST_F(FakeSacct, NonsenseIsNoAnswer) {
  install("head -c 100000 /dev/urandom");
  const Accounting accounting = ask_accounting({"1"});
  EXPECT_TRUE(accounting.jobs.empty());
}

TEST_F(FakeSacct, OneThatIsMissingIsAnObstacle) {
  ::setenv("PATH", folder_.path().c_str(), 1);
  EXPECT_NE(ask_accounting({"1"}).obstacle.find("sacct"), std::string::npos);
}

}  // namespace
}  // namespace millrace
