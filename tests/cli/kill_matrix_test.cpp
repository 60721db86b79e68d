// Signals to one rank or to all, at points all over a run: what ends, with which code, what is left, and that
// the next run ends with the weights of an undisturbed one, bit for bit.
//
// A point is exact: MILLRACE_FAULTS freezes a rank before its k-th operation, and the signal comes while it
// stands there.
#include <array>
#include <map>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "base/file.hpp"
#include "cli/ranks.hpp"
#include "cli/workbench.hpp"

namespace millrace {
namespace {

using namespace testing_support;
namespace fs = std::filesystem;

constexpr int kRanks = 3;

// A deadline is to be reached only where a rank is stopped for good: elsewhere a loaded machine has time.
std::vector<std::string> run_within(int seconds) {
  return {"run", "pipeline.yaml", "--quiet", "--set", fmt::format("deadlines.collective={}", seconds)};
}
const std::vector<std::string> kRun = run_within(120);

struct Signal {
  const char* name;
  int number;
  bool to_all;
};
constexpr std::array<Signal, 8> kSignals{{{"SIGKILL to one", SIGKILL, false},
                                          {"SIGTERM to all", SIGTERM, true},
                                          {"SIGSTOP to one", SIGSTOP, false},
                                          {"SIGINT to one", SIGINT, false},
                                          {"SIGKILL to all", SIGKILL, true},
                                          {"SIGTERM to one", SIGTERM, false},
                                          {"SIGINT to all", SIGINT, true},
                                          {"SIGSTOP to all", SIGSTOP, true}}};

class KillMatrix : public testing::Test {
 protected:
  KillMatrix() {
    bench_.make_data(2, 150);
    counts_ = bench_.count_operations(kRun, kRanks);
    results_ = bench_.latest_versions();
  }

  // Rank `victim` stands before its `number`th `operation`; then the signal comes.
  void strike(const std::string& operation, std::size_t number, int victim, const Signal& signal) {
    const std::string plan = fmt::format("{}:{}:freeze@rank{}", operation, number, victim);
    SCOPED_TRACE(plan + ", " + signal.name);
    fs::remove_all(bench_.path("workspace"));
    fs::remove(bench_.path("log"));
    auto command = bench_.millrace_command(stops_for_good(signal) ? run_within(4) : kRun, kRanks);
    command.insert(command.begin(), {"env", "MILLRACE_FAULTS=" + plan});
    BackgroundProcess job(command, bench_.path("log"), bench_.folder());
    const auto ranks = wait_for_ranks(job, kRanks);
    ASSERT_EQ(ranks.size(), std::size_t{kRanks}) << read_file(bench_.path("log"));
    const pid_t frozen = ranks[static_cast<std::size_t>(victim)];
    while (!is_stopped(frozen) && job.running()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (!job.running()) return ++unreached_, void();
    ++stages_[current_stage(bench_)];
    const auto shared = shared_memory_of(ranks);
    send(signal, ranks, frozen);
    expect_end(job, signal);
    EXPECT_TRUE(all_end(ranks, 60)) << "processes are left";
    for (const std::string& file : shared) EXPECT_FALSE(path_exists(file)) << file << " is left";
    expect_same_results();
    ++points_;
  }

  static bool stops_for_good(const Signal& signal) { return signal.number == SIGSTOP && !signal.to_all; }

  static void send(const Signal& signal, const std::vector<pid_t>& ranks, pid_t frozen) {
    for (const pid_t rank : ranks) {
      if (signal.to_all || rank == frozen) ::kill(rank, signal.number);
    }
    if (signal.number == SIGSTOP && signal.to_all) std::this_thread::sleep_for(std::chrono::seconds(1));
    if (!stops_for_good(signal)) {
      for (const pid_t rank : ranks) ::kill(rank, SIGCONT);
    }
  }

  // A kill ends the job at once; a stop of one rank by the deadline; a request to stop at the next border
  // between steps or stages, so that one that comes after the last finds the run done.
  void expect_end(BackgroundProcess& job, const Signal& signal) {
    const int code = job.wait(signal.number == SIGKILL ? 60 : 120);
    const std::string log = read_file(bench_.path("log"));
    ASSERT_NE(code, -1) << "it hangs: " << log;
    if (signal.number == SIGKILL) {
      EXPECT_EQ(code, 128 + SIGKILL) << log;
    } else if (signal.number == SIGSTOP) {
      EXPECT_EQ(code, signal.to_all ? 0 : 6) << log;
    } else {
      EXPECT_TRUE(code == 75 || code == 0 || code == 128 + signal.number) << code << log;
      ++codes_[code];
    }
  }

  void expect_same_results() {
    const ProcessResult after = bench_.millrace(kRun, kRanks);
    ASSERT_EQ(after.exit_code, 0) << after.err;
    EXPECT_EQ(bench_.latest_versions(), results_);
    for (const std::string& name : list_folder(bench_.path("workspace/tmp")))
      ADD_FAILURE() << "left in tmp/: " << name;
  }

  // `points` of them, spread over a run's operations, victims and signals.
  void walk(std::size_t points) {
    const std::array<const char*, 4> kinds{"collective", "write", "sync", "read"};
    for (std::size_t i = 0; i < points; ++i) {
      const std::string operation = kinds[i % kinds.size()];
      const std::size_t round = i / kinds.size();
      const std::size_t rounds = (points + kinds.size() - 1) / kinds.size();
      const std::size_t number = 1 + (2 * round + 1) * counts_[operation] / (2 * rounds);
      // Ranks other than 0 write and read less than it does, but take part in the same collectives.
      strike(operation, number, operation == "collective" ? static_cast<int>(round % kRanks) : 0,
             kSignals[(i + round) % kSignals.size()]);
    }
    tell();
  }

  void tell() const {
    fmt::print("{} points ({} not reached):", points_, unreached_);
    for (const auto& [stage, count] : stages_) fmt::print(" {} {}", stage.empty() ? "start" : stage, count);
    fmt::print("; SIGTERM and SIGINT ended with");
    for (const auto& [code, count] : codes_) fmt::print(" {} ({} times)", code, count);
    fmt::print("\n");
  }

  Workbench bench_;
  std::map<std::string, std::size_t> counts_;
  Json results_;
  std::map<std::string, std::size_t> stages_;
  std::map<int, std::size_t> codes_;
  std::size_t points_ = 0;
  std::size_t unreached_ = 0;
};

TEST_F(KillMatrix, Spread) {
  walk(24);
  EXPECT_GE(points_, 20U);
}

// Run by scripts/test long.
using DISABLED_KillMatrix = KillMatrix;

TEST_F(DISABLED_KillMatrix, AllOverTheRun) {
  walk(240);
  EXPECT_GE(points_, 200U);
  for (const char* stage :
       {"ingest", "validate", "features", "train", "evaluate", "register", "package", "deploy"}) {
    EXPECT_GT(stages_[stage], 0U) << "no signal came in stage " << stage;
  }
}

}  // namespace
}  // namespace millrace
