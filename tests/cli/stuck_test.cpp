// Jobs that would stand still for ever: every one ends on all ranks, says where, and leaves nothing running.
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "base/file.hpp"
#include "cli/ranks.hpp"
#include "cli/workbench.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using namespace testing_support;

std::vector<std::string> run_with(const std::string& deadlines) {
  return {"run",
          "pipeline.yaml",
          "--quiet",
          "--set",
          "deadlines.collective=" + deadlines,
          "--set",
          "deadlines.file=" + deadlines};
}

class Stuck : public testing::Test {
 protected:
  Stuck() { bench_.make_data(2, 150); }

  // Three ranks under `plan`: exit code 6 and one message with all of `words`. Then a run goes on to the end.
  void expect_end(const std::string& plan, const std::vector<std::string>& words) {
    const ProcessResult stuck = bench_.millrace_under(plan, run_with("1.5"), 3);
    expect_topic(stuck.exit_code, stuck.err, Topic::kDeadline);
    for (const std::string& word : words)
      EXPECT_NE(stuck.err.find(word), std::string::npos) << word << "\n" << stuck.err;
    const auto first = stuck.err.find("millrace: error:");
    EXPECT_EQ(stuck.err.find("millrace: error:", first + 1), std::string::npos) << "said twice:\n"
                                                                                << stuck.err;
    EXPECT_EQ(bench_.millrace(run_with("60"), 3).exit_code, 0);
  }

  Workbench bench_;
};

TEST_F(Stuck, ARankThatIsFrozenInACollective) {
  expect_end("collective:60:freeze@rank1",
             {"deadlines.collective", "\n  rank 0 on ", "\n  rank 1 on ", "then silent since", "stage "});
}

TEST_F(Stuck, ARankWhoseFileSystemDoesNotAnswer) {
  expect_end("write:9:delay=60s@rank0", {"write of ", "/workspace/"});
}

TEST_F(Stuck, ASuspendedJobGoesOn) {
  BackgroundProcess job(bench_.millrace_command(run_with("1.5"), 3), bench_.path("log"), bench_.folder());
  const auto ranks = wait_for_ranks(job, 3);
  for (const pid_t rank : ranks) ::kill(rank, SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds(8));
  EXPECT_TRUE(job.running()) << "ended while it was suspended: " << read_file(bench_.path("log"));
  for (const pid_t rank : ranks) ::kill(rank, SIGCONT);
  EXPECT_EQ(job.wait(60), 0) << read_file(bench_.path("log"));
}

TEST_F(Stuck, RanksEndWithTheirLauncher) {
  auto words = run_with("60");
  words.insert(words.end(), {"--set=training.epochs=2000", "--set=training.early_stopping=false"});
  BackgroundProcess job(bench_.millrace_command(words, 3), bench_.path("log"), bench_.folder());
  const auto ranks = wait_for_ranks(job, 3);
  wait_for_stage(bench_, job, "train");
  const auto shared = shared_memory_of(ranks);
  EXPECT_EQ(shared.size(), 3U);
  job.signal(SIGKILL);
  EXPECT_EQ(job.wait(10), 128 + SIGKILL);
  EXPECT_TRUE(all_end(ranks, 10)) << "ranks outlive mpirun";
  for (const std::string& file : shared) EXPECT_FALSE(path_exists(file)) << file << " is left";
}

// A limit on addresses stands for a machine that has no more memory.
TEST_F(Stuck, ARankWithoutMemoryEndsTheJob) {
#ifdef MILLRACE_SANITIZED
  GTEST_SKIP() << "sanitizers need more addresses than the limit leaves";
#endif
  auto words = run_with("60");
  words.insert(words.end(), {"--set=model.hidden=[4000, 4000]", "--set=training.epochs=1"});
  auto command = bench_.millrace_command(words, 3);
  command.insert(command.begin() + 2,
                 {"sh", "-c", "test $OMPI_COMM_WORLD_RANK = 1 && ulimit -v 800000; exec \"$0\" \"$@\""});
  const ProcessResult result = run_process(command, bench_.folder());
  expect_topic(result.exit_code, result.err, Topic::kOutOfMemory);
  EXPECT_NE(result.err.find("out of memory in stage train (rank 1 of 3"), std::string::npos) << result.err;
  EXPECT_EQ(bench_.millrace(run_with("60"), 3).exit_code, 0);
}

}  // namespace
}  // namespace millrace
