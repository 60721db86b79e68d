// Drift, and what follows on it, through the real executable.
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "cli/workbench.hpp"
#include "support/tables.hpp"

namespace millrace {
namespace {

using namespace testing_support;
namespace fs = std::filesystem;

using Words = std::vector<std::string>;

class Monitor : public testing::Test {
 protected:
  Monitor() {
    bench_.make_data(4, 800);
    const auto run = bench_.millrace({"run", "pipeline.yaml", "--quiet"}, 2);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    make_days("quiet", "0");
    make_days("moved", "1");
  }
  void make_days(const std::string& folder, const std::string& drift_from_day) const {
    const auto made =
        bench_.millrace({"datagen", "--out", folder, "--days", "2", "--rows-per-day", "800", "--seed", "9",
                         "--first-day", "2026-11-01", "--drift-from-day", drift_from_day, "--quiet"});
    EXPECT_EQ(made.exit_code, 0) << made.err;
  }
  [[nodiscard]] ProcessResult look(const std::string& source, Words options = {}, int ranks = 0) const {
    Words words{"monitor", "pipeline.yaml", source};
    words.insert(words.end(), options.begin(), options.end());
    return bench_.millrace(words, ranks);
  }
  // A retraining in place that only notes that it has begun.
  [[nodiscard]] static Words acting() {
    return {"--set", "monitoring.retrain.action=run", "--set",
            "monitoring.retrain.command=[sh, -c, 'echo $0 >>begun']"};
  }
  [[nodiscard]] std::size_t begun() const {
    const std::string path = bench_.path("begun");
    if (!fs::exists(path)) return 0;
    const std::string text = read_file(path);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  Workbench bench_;
};

TEST_F(Monitor, IsQuietBeforeAndSpeaksAfter) {
  const auto quiet = look("quiet/*.csv");
  EXPECT_EQ(quiet.exit_code, 0) << quiet.out << quiet.err;
  EXPECT_TRUE(contains(quiet.out, "no drift") || contains(quiet.out, "warn: ")) << quiet.out;
  const auto moved = look("moved/*.csv", {"--report", "drift.html"});
  EXPECT_EQ(moved.exit_code, 5) << moved.out << moved.err;
  EXPECT_TRUE(contains(read_file(bench_.path("drift.html")), "<h1>test/1"));
  EXPECT_TRUE(contains(moved.err, "explain drift-found")) << moved.err;
}

TEST_F(Monitor, ComparesWithAnotherSourceWhereToldSo) {
  const auto same = look("moved/*.csv", {"--against", "moved/*.csv", "--json"}, 2);
  EXPECT_EQ(same.exit_code, 0) << same.err;
  const Json report = Json::parse(same.out);
  EXPECT_EQ(report.at("against"), "moved/*.csv");
  for (const Json& column : report.at("columns")) EXPECT_LT(column.at("psi").get<double>(), 1e-9);
  const auto few = look("moved/*.csv", {"--against", "moved/*.csv", "--set", "monitoring.min_rows=100000"});
  EXPECT_EQ(few.exit_code, 3) << few.err;
  EXPECT_TRUE(contains(few.err, "fewer than monitoring.min_rows")) << few.err;
}

TEST_F(Monitor, SaysTheSameOnAnyNumberOfRanks) {
  const Words options{
      "--json", "--quiet", "--set", "data.shard_bytes=16000", "--set", "data.block_bytes=4000"};
  const auto alone = look("moved/*.csv", options);
  const auto three = look("moved/*.csv", options, 3);
  EXPECT_EQ(three.exit_code, 5) << three.err;
  EXPECT_EQ(alone.out, three.out);
  EXPECT_EQ(Json::parse(alone.out).at("level"), "retrain");
}

TEST_F(Monitor, LeavesMetricsAndAnAlertThatItResolves) {
  (void)look("moved/*.csv");
  const std::string metrics = read_file(bench_.path("workspace/metrics/millrace_drift_test.prom"));
  EXPECT_TRUE(contains(metrics, "millrace_drift_level{model=\"test\"} 3")) << metrics;
  EXPECT_TRUE(contains(metrics, "millrace_drift_psi{model=\"test\",column=\"")) << metrics;
  const auto open = bench_.millrace({"alerts", "list", "--workspace", "workspace"});
  EXPECT_TRUE(contains(open.out, "drift/test")) << open.out << open.err;
  (void)look("data/*.csv");
  const auto gone = bench_.millrace({"alerts", "list", "--workspace", "workspace"});
  EXPECT_FALSE(contains(gone.out, "drift/test")) << gone.out;
}

TEST_F(Monitor, BeginsOneRetrainingWithinTheCooldown) {
  EXPECT_EQ(look("moved/*.csv", acting(), 2).exit_code, 5);
  EXPECT_EQ(begun(), 1U);
  const auto second = look("moved/*.csv", acting());
  EXPECT_EQ(second.exit_code, 5);
  EXPECT_TRUE(contains(second.err, "no retraining: one began")) << second.err;
  EXPECT_EQ(begun(), 1U);
  EXPECT_EQ(read_json_file(bench_.path("workspace/monitoring/test/000000001.json")).at("kind"), "drift");
}

TEST_F(Monitor, OnlyLooksWhereToldSo) {
  Words options = acting();
  options.emplace_back("--no-retrain");
  EXPECT_EQ(look("moved/*.csv", options).exit_code, 5);
  EXPECT_EQ(begun(), 0U);
}

TEST_F(Monitor, ManyNewRowsCallForARetrainingToo) {
  Words options = acting();
  options.insert(options.end(), {"--set", "monitoring.retrain.rows=1000"});
  EXPECT_EQ(look("data/*.csv", options).exit_code, 0);
  EXPECT_EQ(begun(), 1U);
}

TEST_F(Monitor, OverBudgetNothingBegins) {
  Words options = acting();
  options.insert(options.end(), {"--set", "cost.prices.cpu_hour=1000000", "--set",
                                 "cost.budgets=[{name: small, amount: 0.01, stop: true}]"});
  fs::copy(bench_.path("moved"),
           bench_.path("data"));  // or a retraining would have nothing to do, and cost nothing
  const auto refused = look("moved/*.csv", options, 2);
  EXPECT_EQ(refused.exit_code, 4) << refused.err;
  EXPECT_TRUE(contains(refused.err, "small")) << refused.err;
  EXPECT_EQ(begun(), 0U);
}

TEST_F(Monitor, TheRunSaysWhy) {
  const auto moved = look("moved/*.csv", {"--set", "monitoring.retrain.action=run", "--quiet"});
  EXPECT_EQ(moved.exit_code, 5) << moved.err;
  EXPECT_TRUE(contains(bench_.latest_run().at("because").get<std::string>(), "drift: test/1")) << moved.err;
}

TEST_F(Monitor, AnEmptySourceAndAModelThatIsNotThereAreClearErrors) {
  bench_.write("empty.csv", "");
  EXPECT_EQ(look("empty.csv").exit_code, 3);
  EXPECT_EQ(look("moved/*.csv", {"--model", "nobody"}).exit_code, 6);
  const auto requests = bench_.millrace({"monitor", "pipeline.yaml"});
  EXPECT_EQ(requests.exit_code, 0) << requests.err;
  EXPECT_TRUE(contains(requests.out, "too few rows")) << requests.out;
}

}  // namespace
}  // namespace millrace
