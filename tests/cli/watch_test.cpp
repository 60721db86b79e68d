// New data, and the retrainings that follow on them, through the real executable.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/workbench.hpp"
#include "storage/journal.hpp"
#include "support/patience.hpp"
#include "support/tables.hpp"

namespace millrace {
namespace {

using namespace testing_support;
namespace fs = std::filesystem;

using Words = std::vector<std::string>;

class Watch : public testing::Test {
 protected:
  Watch() {
    fs::create_directory(bench_.path("data"));
    configure("settle: 0");
    dump("data/a.csv", 1);
  }
  // Retrainings are only noted, in the file begun.
  void configure(const std::string& watch, const std::string& retrain = "",
                 const std::string& extra = "") const {
    configure_action(watch, "action: run, command: [sh, -c, 'echo $0 >>begun'], " + retrain, extra);
  }
  void configure_action(const std::string& watch, const std::string& retrain,
                        const std::string& extra = "") const {
    bench_.write("pipeline.yaml",
                 Workbench::configuration("monitoring:\n  watch: { interval: 0.05, " + watch +
                                          " }\n  retrain: { cooldown: 0, max_per_day: 99, " + retrain +
                                          " }\n" + extra));
  }
  void dump(const std::string& name, int seed, int rows = 300) const {
    const auto made = bench_.millrace({"datagen", "--out", "made", "--days", "1", "--rows-per-day",
                                       std::to_string(rows), "--seed", std::to_string(seed), "--quiet"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    fs::rename(fs::directory_iterator(bench_.path("made"))->path(), bench_.path(name));
    fs::remove_all(bench_.path("made"));
  }
  [[nodiscard]] ProcessResult once(Words options = {}) const {
    options.insert(options.begin(), {"watch", "pipeline.yaml", "--once"});
    return bench_.millrace(options);
  }
  [[nodiscard]] std::size_t begun() const {
    if (!fs::exists(bench_.path("begun"))) return 0;
    const std::string text = read_file(bench_.path("begun"));
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  [[nodiscard]] std::vector<Json> entries() const {
    std::vector<Json> contents;
    for (const JournalEntry& entry :
         Journal(bench_.path("workspace/monitoring/test"), "journal of retrainings").read())
      contents.push_back(entry.content());
    return contents;
  }
  // Until it is so, at most a minute.
  template <class Condition>
  static bool wait_until(Condition&& is_so) {
    const Stopwatch watch;
    while (!is_so()) {
      if (watch.seconds() > patience(60).count()) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }
  [[nodiscard]] std::string log() const {
    return fs::exists(bench_.path("log")) ? read_file(bench_.path("log")) : "";
  }

  Workbench bench_;
};

TEST_F(Watch, OneLookBeginsOneRetrainingForWhatIsNew) {
  const auto first = once();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(contains(first.out, "new: 1 file: a.csv (")) << first.out;
  EXPECT_TRUE(contains(first.out, "retraining: the retraining has ended")) << first.out;
  EXPECT_EQ(begun(), 1U);
  EXPECT_EQ(once().out, "nothing new\n");
  fs::copy(bench_.path("data/a.csv"), bench_.path("data/b.csv"));
  EXPECT_EQ(once().out, "nothing new\n");
  dump("data/c.csv", 2);
  EXPECT_TRUE(contains(once().out, "new: 1 file: c.csv"));
  EXPECT_EQ(begun(), 2U);
  const std::vector<Json> journal = entries();
  ASSERT_EQ(journal.size(), 4U);
  EXPECT_EQ(journal[2].at("kind"), "data");
  EXPECT_EQ(journal[2].at("details").at("files").size(), 1U);
}

TEST_F(Watch, WhatARunHasReadIsNotNew) {
  const auto run = bench_.millrace({"ingest", "pipeline.yaml", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(once().out, "nothing new\n");
  EXPECT_EQ(begun(), 0U);
}

TEST_F(Watch, LooksOfCronSettleAFileTogether) {
  configure("settle: 0.5");
  EXPECT_TRUE(contains(once().out, "not complete yet: 1 file: a.csv"));
  EXPECT_EQ(begun(), 0U);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto second = once({"--json"});
  EXPECT_EQ(begun(), 1U) << second.out;
  const Json document = Json::parse(second.out);
  EXPECT_EQ(document.at("begun"), true);
  EXPECT_EQ(document.at("new")[0].at("sha256"), digest_of(read_file(bench_.path("data/a.csv"))).hex());
}

TEST_F(Watch, WhatIsIncompleteHoldsARetrainingBack) {
  configure("marker: .done");
  dump("data/b.csv", 2);
  bench_.write("data/a.csv.done", "");
  const auto held = once();
  EXPECT_EQ(held.exit_code, 0) << held.err;
  EXPECT_TRUE(contains(held.out, "no retraining: not complete yet: 1 file: b.csv")) << held.out;
  EXPECT_EQ(begun(), 0U);
  bench_.write("data/b.csv.done", "");
  EXPECT_TRUE(contains(once().out, "new: 2 files: a.csv, b.csv"));
  EXPECT_EQ(begun(), 1U);
}

TEST_F(Watch, WhatACooldownHoldsBackIsTakenLater) {
  (void)once();
  dump("data/b.csv", 2);
  const auto held = once({"--set", "monitoring.retrain.cooldown=86400"});
  EXPECT_EQ(held.exit_code, 0) << held.err;
  EXPECT_TRUE(contains(held.out, "new: 1 file: b.csv")) << held.out;
  EXPECT_TRUE(contains(held.out, "no retraining: one began")) << held.out;
  EXPECT_EQ(begun(), 1U);
  EXPECT_TRUE(contains(once({"--set", "monitoring.retrain.max_per_day=1"}).out, "max_per_day"));
  EXPECT_TRUE(contains(once().out, "retraining: the retraining has ended"));
  EXPECT_EQ(begun(), 2U);
}

TEST_F(Watch, FewRowsAreNotEnough) {
  configure("settle: 0", "rows: 250");
  ASSERT_EQ(bench_.millrace({"ingest", "pipeline.yaml", "--quiet"}).exit_code, 0);
  dump("data/b.csv", 2, 100);
  const auto few = once();
  EXPECT_TRUE(contains(few.out, "new rows; monitoring.retrain.rows is 250")) << few.out << few.err;
  EXPECT_EQ(begun(), 0U);
  dump("data/c.csv", 3, 200);
  EXPECT_TRUE(contains(once().out, "new: 2 files: b.csv, c.csv"));
  EXPECT_EQ(begun(), 1U);
}

TEST_F(Watch, TheScheduleCounts) {
  ASSERT_EQ(bench_.millrace({"ingest", "pipeline.yaml", "--quiet"}).exit_code, 0);
  EXPECT_EQ(once({"--set", "monitoring.retrain.every=86400"}).out, "nothing new\n");
  const auto due = once({"--set", "monitoring.retrain.every=0.001"});
  EXPECT_EQ(due.exit_code, 0) << due.err;
  EXPECT_EQ(begun(), 1U) << due.out;
  EXPECT_EQ(entries()[0].at("kind"), "schedule");
}

TEST_F(Watch, WithoutAnActionItOnlyTells) {
  configure_action("settle: 0", "action: none");
  for (int look = 0; look < 2; ++look)
    EXPECT_TRUE(contains(once().out, "no retraining: monitoring.retrain.action is none"));
}

TEST_F(Watch, AFailedRetrainingWaitsBeforeItIsTriedAgain) {
  configure_action("settle: 0", "action: run, command: [sh, -c, 'echo $0 >>begun; exit 9']");
  const auto failed = once();
  EXPECT_EQ(failed.exit_code, 6);
  EXPECT_TRUE(contains(failed.err, "explain retraining")) << failed.err;
  const auto held = once();
  EXPECT_EQ(held.exit_code, 0) << held.err;
  EXPECT_TRUE(contains(held.out, "no retraining: the last one failed; the next may begin 10 min"))
      << held.out;
  EXPECT_EQ(begun(), 1U);
}

TEST_F(Watch, WithADamagedJournalNothingBegins) {
  (void)once();
  const std::string entry = bench_.path("workspace/monitoring/test/000000001.json");
  fs::permissions(entry, fs::perms::owner_write, fs::perm_options::add);
  publish_file(entry, read_file(entry).substr(0, 40));
  dump("data/b.csv", 2);
  const auto damaged = once();
  EXPECT_EQ(damaged.exit_code, 6) << damaged.out;
  EXPECT_TRUE(contains(damaged.err, "000000001.json")) << damaged.err;
  EXPECT_EQ(begun(), 1U);
}

TEST_F(Watch, OverBudgetNothingBegins) {
  configure(
      "settle: 0", "",
      "cost: { prices: { cpu_hour: 1000000 }, budgets: [{ name: small, amount: 0.01, stop: true }] }\n");
  bench_.make_data(2, 400);
  ASSERT_EQ(
      bench_.millrace({"run", "pipeline.yaml", "--quiet", "--override-budget", "the first one"}).exit_code,
      0);
  dump("data/b.csv", 2);
  const auto refused = once();
  EXPECT_EQ(refused.exit_code, 4) << refused.out << refused.err;
  EXPECT_TRUE(contains(refused.err, "small")) << refused.err;
  EXPECT_EQ(begun(), 0U);
}

TEST_F(Watch, WhatCannotBeReachedIsAnErrorOfOneLook) {
  fs::remove_all(bench_.path("data"));
  const auto gone = once();
  EXPECT_EQ(gone.exit_code, 6);
  EXPECT_TRUE(contains(gone.err, "data.source")) << gone.err;
}

TEST_F(Watch, IsOneProcess) {
  const auto ranks = bench_.millrace({"watch", "pipeline.yaml", "--once"}, 2);
  EXPECT_EQ(ranks.exit_code, 2);
  EXPECT_TRUE(contains(ranks.err, "watch is one process")) << ranks.err;
}

TEST_F(Watch, AFolderThatIsGoneIsToldOnceAndTakenWhenItIsBack) {
  fs::rename(bench_.path("data"), bench_.path("away"));
  BackgroundProcess watch(bench_.millrace_command({"watch", "pipeline.yaml"}), bench_.path("log"),
                          bench_.folder());
  ASSERT_TRUE(wait_until([&] { return contains(log(), "it is tried again"); })) << log();
  const auto second = once();
  EXPECT_EQ(second.exit_code, 6);
  EXPECT_TRUE(contains(second.err, "watches already")) << second.err;
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  fs::rename(bench_.path("away"), bench_.path("data"));
  ASSERT_TRUE(wait_until([&] { return begun() == 1; })) << log();
  watch.signal(SIGTERM);
  EXPECT_EQ(watch.wait(30), 0) << log();
  const std::string told = log();
  EXPECT_EQ(told.find("it is tried again"), told.rfind("it is tried again")) << told;
}

TEST_F(Watch, AStopEndsTheRetrainingInPlaceToo) {
  configure_action("settle: 0", "action: run, command: [sh, -c, 'echo $0 >>begun; exec sleep 300']");
  BackgroundProcess watch(bench_.millrace_command({"watch", "pipeline.yaml"}), bench_.path("log"),
                          bench_.folder());
  ASSERT_TRUE(wait_until([&] { return begun() == 1; })) << log();
  watch.signal(SIGINT);
  EXPECT_EQ(watch.wait(30), 0) << log();
  EXPECT_EQ(entries().back().at("type"), "failed");
}

// Whatever was done when it was killed, one retraining comes of it: none is lost, and none begins twice. The
// command leaves the trace of a run that has ended; what is in doubt is ten minutes old when it is looked at
// again.
class KilledWatch : public Watch {
 protected:
  KilledWatch() {
    bench_.write("run.json", R"({"pipeline": "test", "status": "done", "exit_code": 0,)"
                             R"( "started": "2100-01-01T00:00:00.000Z"})");
    configure_action("settle: 0",
                     "action: run, command: [sh, -c, 'echo $0 >>begun; mkdir -p workspace/runs/r; "
                     "cp run.json workspace/runs/r/']");
  }
  void clear() const {
    fs::remove_all(bench_.path("workspace"));
    fs::remove(bench_.path("begun"));
  }
  void age_the_last_entry() const {
    const std::vector<Json> journal = entries();
    if (journal.empty() || journal.back().at("type") != "begun") return;
    Json entry = journal.back();
    entry["time"] = "2026-01-01T00:00:00.000Z";
    const std::string path =
        bench_.path("workspace/monitoring/test/" + Journal::entry_name(entry.at("number")));
    fs::permissions(path, fs::perms::owner_write, fs::perm_options::add);
    publish_file(path, canonical_json(entry));
  }
};

TEST_F(KilledWatch, BeginsOneRetraining) {
  const auto counts = bench_.count_operations({"watch", "pipeline.yaml", "--once"});
  for (const std::string operation : {"write", "sync", "rename", "link"}) {
    ASSERT_GT(counts.at(operation), 0U);
    for (std::size_t k = 1; k <= counts.at(operation); ++k) {
      clear();
      const std::string fault = fmt::format("{}:{}:drop", operation, k);
      const auto killed = bench_.millrace_under(fault, {"watch", "pipeline.yaml", "--once"});
      EXPECT_EQ(killed.exit_code, 137) << fault << killed.err;
      age_the_last_entry();
      const auto again = once();
      EXPECT_EQ(again.exit_code, 0) << fault << again.err;
      EXPECT_EQ(begun(), 1U) << fault << again.out;
      EXPECT_EQ(once().out, "nothing new\n") << fault;
      EXPECT_EQ(begun(), 1U) << fault;
    }
  }
}

// All of it: a model is there, and a second dump arrives, slowly.
TEST_F(Watch, ADumpThatArrivesSlowlyIsTrainedOnOnceAndWhole) {
  configure_action("settle: 4", "action: run");
  ASSERT_EQ(bench_.millrace({"run", "pipeline.yaml", "--quiet"}).exit_code, 0);
  BackgroundProcess watch(bench_.millrace_command({"watch", "pipeline.yaml"}), bench_.path("log"),
                          bench_.folder());
  dump("whole.csv", 2);
  const std::string text = read_file(bench_.path("whole.csv"));
  constexpr std::size_t kParts = 6;
  for (std::size_t part = 0; part < kParts; ++part) {
    const std::size_t begin = text.size() * part / kParts;
    std::ofstream(bench_.path("data/b.csv"), std::ios::app | std::ios::binary)
        << text.substr(begin, text.size() * (part + 1) / kParts - begin);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  const auto has_ended = [&] {
    const auto journal = entries();
    return !journal.empty() && journal.back().at("type") != "begun";
  };
  ASSERT_TRUE(wait_until(has_ended)) << log();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // for further looks
  watch.signal(SIGTERM);
  EXPECT_EQ(watch.wait(30), 0) << log();
  EXPECT_EQ(entries().size(), 2U) << log();
  const Json run = bench_.latest_run();
  EXPECT_EQ(run.at("status"), "done") << log();
  EXPECT_EQ(run.at("because"), "data: 1 file: b.csv");
  EXPECT_EQ(run.at("dataset").at("rows").get<int>() + run.at("dataset").at("rejected").get<int>(), 600);
}

}  // namespace
}  // namespace millrace
