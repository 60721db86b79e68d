#include "cost/account.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "cost/kept_jobs.hpp"
#include "cost/samples.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

const Moment kNoon = moment_of("2026-11-27T12:00:00Z");

Json record(const std::string& name, const std::string& job, const std::string& currency = "EUR") {
  Json cost{{"wall_seconds", 10.0},
            {"cores", 2},
            {"gpus", 0},
            {"currency", currency},
            {"prices", {{"cpu_hour", 3.6}}}};
  if (!job.empty()) cost["slurm_job"] = job;
  return {{"run", name}, {"pipeline", "churn"}, {"started", "2026-11-27T01:00:00.000Z"}, {"cost", cost}};
}

class AnAccount : public testing::Test {
 protected:
  void SetUp() override { path_ = std::getenv("PATH"); }
  void TearDown() override { ::setenv("PATH", path_.c_str(), 1); }
  void install_sacct(const std::string& body) {
    publish_file(folder_ / "bin/sacct", "#!/bin/sh\n" + body + "\n");
    ::chmod((folder_ / "bin/sacct").c_str(), 0755);
    ::setenv("PATH", ((folder_ / "bin:") + path_).c_str(), 1);
  }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_ / "workspace"};
  std::string path_;
};

TEST_F(AnAccount, TakesWhatSlurmSaysAndElseTheRunsOwnFigures) {
  install_sacct("echo '8|100|billing=4,cpu=4,node=1|COMPLETED'");
  const Account account = open_account(workspace_, {record("a", "8"), record("b", "9"), record("c", "")},
                                       {"EUR", {}, {}, {}}, kNoon);
  const auto sums = sums_by(account.charges, "run");
  EXPECT_EQ(sums.at("a").core_ms, 400'000);
  EXPECT_EQ(sums.at("b").core_ms, 20'000);
  EXPECT_EQ(sums.at("c").core_ms, 20'000);
  EXPECT_EQ(total(account.charges).amount, Money::of(0.44, ""));
  EXPECT_EQ(sources_of(account), "by Slurm's accounting for 1 of 2 jobs, else by the runs' own figures");
}

TEST_F(AnAccount, AsksOnceAboutAJobThatHasEnded) {
  install_sacct("echo \"$@\" >>" + (folder_ / "asked") +
                "\necho '8|100|cpu=4|COMPLETED'\necho '9|100|cpu=4|RUNNING'");
  const std::vector<Json> records{record("a", "8"), record("b", "9")};
  const auto charged = [&] {
    const Account account = open_account(workspace_, records, {"EUR", {}, {}, {}}, kNoon);
    EXPECT_EQ(account.accounted, 2U);
    return total(account.charges).core_ms;
  };
  const auto first = charged();
  EXPECT_EQ(first, 800'000);
  EXPECT_EQ(charged(), first);
  EXPECT_EQ(charged(), first);
  const std::string asked = read_file(folder_ / "asked");
  const auto count = [&](const std::string& jobs) {
    std::size_t found = 0;
    for (auto at = asked.find(jobs); at != std::string::npos; at = asked.find(jobs, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("--jobs=8,9\n"), 1U) << asked;
  EXPECT_EQ(count("--jobs=9\n"), 2U) << asked;
}

TEST_F(AnAccount, AsksAgainWhereWhatWasKeptIsDamaged) {
  install_sacct("echo '8|100|cpu=4|COMPLETED'");
  for (const char* damage :
       {"{", "[1]", "{\"8\": {\"core_ms\": \"x\"}}", "{\"8\": {\"core_ms\": -5, \"gpu_ms\": 0}}"}) {
    publish_file(workspace_.path("cost/jobs.json"), damage);
    const Account account = open_account(workspace_, {record("a", "8")}, {"EUR", {}, {}, {}}, kNoon);
    EXPECT_EQ(total(account.charges).core_ms, 400'000) << damage;
  }
  EXPECT_EQ(kept_jobs(workspace_).at("8").core_ms, 400'000);
}

TEST_F(AnAccount, WithoutSlurmWhatItHasSaidStands) {
  install_sacct("echo '8|100|cpu=4|COMPLETED'");
  (void)open_account(workspace_, {record("a", "8")}, {"EUR", {}, {}, {}}, kNoon);
  install_sacct("exit 1");
  const Account account = open_account(workspace_, {record("a", "8")}, {"EUR", {}, {}, {}}, kNoon);
  EXPECT_EQ(total(account.charges).core_ms, 400'000);
  EXPECT_EQ(account.obstacle, "");
}

TEST_F(AnAccount, SaysWhySlurmDidNotAnswer) {
  install_sacct("echo 'Problem talking to the database' >&2; exit 1");
  const Account account = open_account(workspace_, {record("a", "8")}, {"EUR", {}, {}, {}}, kNoon);
  EXPECT_EQ(total(account.charges).core_ms, 20'000);
  EXPECT_EQ(
      sources_of(account),
      "by Slurm's accounting for 0 of 1 jobs (sacct ended with code 1: Problem talking to the database), "
      "else by the runs' own figures");
}

TEST_F(AnAccount, AsksNobodyWithoutJobs) {
  install_sacct("touch " + (folder_ / "asked"));
  const Account account = open_account(workspace_, {record("a", "")}, {"EUR", {}, {}, {}}, kNoon);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "asked"));
  EXPECT_EQ(sources_of(account), "by the runs' own figures");
}

TEST_F(AnAccount, WithoutAConfigurationTheNewestRunsCurrencyCounts) {
  const Account account = open_account(workspace_, {record("a", "", "CHF")}, {}, kNoon);
  EXPECT_EQ(account.prices.currency, "CHF");
  EXPECT_EQ(total(account.charges).amount, Money::of(0.02, ""));
}

}  // namespace
}  // namespace millrace
