// What work costs, through the real executable: forecasts, budgets that stop runs, overrides, millrace cost.
// A core-second costs 1.00: runs of a second or so spend whole units.
#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "base/events.hpp"
#include "base/file.hpp"
#include "cli/ranks.hpp"
#include "cli/workbench.hpp"
#include "storage/journal.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::expect_topic;
using testing_support::ProcessResult;
using testing_support::Workbench;

constexpr const char* kPrices = "  prices: { cpu_hour: 3600, gpu_hour: 0, gb_month: 0 }\n";

std::string budget(double amount, const std::string& more = "") {
  return fmt::format("  budgets: [{{ name: nights, amount: {:.6f}, period: all{} }}]\n", amount, more);
}

class Cost : public testing::Test {
 protected:
  void SetUp() override {
    bench_.make_data(2, 200);
    configure(kPrices);
  }
  void configure(const std::string& cost) const {
    bench_.write("pipeline.yaml", Workbench::configuration("cost:\n  team: team-a\n" + cost));
  }
  // Another number of epochs is another training.
  [[nodiscard]] ProcessResult run(int epochs, int ranks = 0,
                                  const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"run", "pipeline.yaml",
                                       fmt::format("--set=training.epochs={}", epochs)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return bench_.millrace(arguments, ranks);
  }
  [[nodiscard]] Json cost(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {"cost", "pipeline.yaml", "--json"});
    const auto result = bench_.millrace(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out, nullptr, false);
  }
  [[nodiscard]] std::size_t runs() const {
    const auto names = list_folder(bench_.path("workspace/runs"));
    return static_cast<std::size_t>(
        std::ranges::count_if(names, [](const std::string& name) { return !name.starts_with("latest"); }));
  }

  Workbench bench_;
};

TEST_F(Cost, ARunSaysWhatItTookAndWhoPays) {
  ASSERT_EQ(run(3, 2, {"--set=training.threads=2"}).exit_code, 0);
  const Json cost = bench_.latest_run().at("cost");
  EXPECT_EQ(cost.at("cores"), 4);
  EXPECT_EQ(cost.at("gpus"), 0);
  EXPECT_EQ(cost.at("team"), "team-a");
  EXPECT_EQ(cost.at("prices").at("cpu_hour"), 3600);
  EXPECT_GT(cost.at("source_bytes"), 0);
  EXPECT_DOUBLE_EQ(cost.at("core_hours").get<double>(), cost.at("wall_seconds").get<double>() * 4 / 3600);
  const auto shown = bench_.millrace({"registry", "show", "test/1", "--json"});
  const Json registered = Json::parse(shown.out).at("details").at("cost");
  EXPECT_GT(registered.at("core_hours"), 0);
  EXPECT_LT(registered.at("core_hours"), cost.at("core_hours"));
  EXPECT_EQ(registered.at("gpu_hours"), 0);
  EXPECT_EQ(registered.at("team"), "team-a");
}

TEST_F(Cost, WhatARunCostIsShownWhereItIs) {
  ASSERT_EQ(run(3, 2).exit_code, 0);
  const Json cost = bench_.latest_run().at("cost");
  const double amount = cost.at("amount");
  EXPECT_NEAR(amount, 3600 * cost.at("core_hours").get<double>(), 2e-3);  // of whole milliseconds
  EXPECT_EQ(cost.at("epochs"), 3);
  const std::string shown = fmt::format(": {:.2f} EUR", amount);
  const auto status = bench_.millrace({"status"});
  EXPECT_NE(status.out.find(shown), std::string::npos) << status.out << shown;
  EXPECT_EQ(Json::parse(bench_.millrace({"status", "--json"}).out).at("cost").at("amount"), amount);
  const auto version = bench_.millrace({"registry", "show", "test/1"});
  EXPECT_NE(version.out.find(" EUR\n"), std::string::npos) << version.out;
  const auto registered = Json::parse(bench_.millrace({"registry", "show", "test/1", "--json"}).out);
  EXPECT_GT(registered.at("details").at("cost").at("amount"), 0);
  EXPECT_LT(registered.at("details").at("cost").at("amount"), amount);
  const std::string report = read_file(bench_.path("workspace/runs/latest/report.html"));
  EXPECT_NE(report.find(fmt::format("<b>{:.2f} EUR</b><span>cost</span>", amount)), std::string::npos);

  configure("");
  ASSERT_EQ(run(4).exit_code, 0);
  EXPECT_FALSE(bench_.latest_run().at("cost").contains("amount"));
  EXPECT_NE(bench_.millrace({"status"}).out.find("GPU-hours, no prices"), std::string::npos);
}

TEST_F(Cost, SumsAreTheSameByWhatever) {
  ASSERT_EQ(run(3).exit_code, 0);
  ASSERT_EQ(run(4, 2).exit_code, 0);
  const std::string newest = bench_.latest_run().at("run");
  const Json by_run = cost({"--by", "run"});
  EXPECT_EQ(by_run.at("rows").size(), 3U) << by_run;  // and the storage
  EXPECT_EQ(by_run.at("rows")[2].at("name"), newest);
  EXPECT_EQ(cost({"--by", "team"}).at("rows")[1].at("name"), "team-a");
  EXPECT_EQ(cost({"--by", "model"}).at("rows")[1].at("name"), "test");
  EXPECT_EQ(by_run.at("currency"), "EUR");
  const double total = by_run.at("total").at("amount");
  EXPECT_NEAR(total, 3600 * by_run.at("total").at("core_hours").get<double>(), 1e-3);
  for (const char* by : {"run", "model", "team", "day", "month"}) {
    double sum = 0;
    const Json report = cost({"--by", by});
    for (const Json& row : report.at("rows")) sum += row.at("amount").get<double>();
    EXPECT_NEAR(sum, total, 1e-6) << by;
  }
  EXPECT_EQ(cost({"--since", "2999-01-01"}).at("rows").size(), 0U);
  EXPECT_EQ(cost({"--until", "2999-01-01"}).at("total").at("amount"), total);
  const auto text = bench_.millrace({"cost", "--by", "run"});
  EXPECT_NE(text.out.find(newest), std::string::npos) << text.out << text.err;
  EXPECT_NE(text.out.find("by the runs' own figures"), std::string::npos) << text.out;
}

TEST_F(Cost, MistakesOnTheCommandLineAreNamed) {
  const auto by = bench_.millrace({"cost", "--by", "models"});
  expect_topic(by.exit_code, by.err, Topic::kCommandLine);
  EXPECT_NE(by.err.find("did you mean 'model'"), std::string::npos) << by.err;
  const auto since = bench_.millrace({"cost", "--since", "november"});
  expect_topic(since.exit_code, since.err, Topic::kCommandLine);
  const auto reason = run(3, 2, {"--override-budget", " "});
  expect_topic(reason.exit_code, reason.err, Topic::kCommandLine);
}

TEST_F(Cost, AnEmptyWorkspaceCostsNothingAndStaysEmpty) {
  EXPECT_EQ(cost().at("total").at("amount"), 0);
  EXPECT_FALSE(path_exists(bench_.path("workspace")));
}

TEST_F(Cost, WithoutPricesNothingIsChargedAndItIsSaid) {
  configure("");
  ASSERT_EQ(run(3).exit_code, 0);
  EXPECT_EQ(cost().at("total").at("amount"), 0);
  EXPECT_GT(cost().at("total").at("not_charged").at("core_hours"), 0);
  const auto text = bench_.millrace({"cost", "pipeline.yaml"});
  EXPECT_NE(text.out.find("not charged, for want of a price in EUR: "), std::string::npos) << text.out;
}

TEST_F(Cost, APlanForetellsWhatItsStagesTookBefore) {
  const auto first = bench_.millrace({"plan", "pipeline.yaml"});
  EXPECT_NE(first.out.find("forecast  not known"), std::string::npos) << first.out;
  ASSERT_EQ(run(3).exit_code, 0);
  const auto nothing = bench_.millrace({"plan", "pipeline.yaml"});
  EXPECT_NE(nothing.out.find("forecast  nothing to do"), std::string::npos) << nothing.out;

  const auto plan = bench_.millrace({"plan", "pipeline.yaml", "--json", "--set=training.epochs=4"});
  const Json stages = Json::parse(plan.out);
  EXPECT_TRUE(stages[0].at("forecast").is_null());
  const Json train = stages[3].at("forecast");
  const Json record = bench_.latest_run();
  const double seconds = record.at("stages")[3].at("seconds");
  EXPECT_TRUE(train.at("by_epochs"));  // 4 in place of 3
  EXPECT_NEAR(train.at("core_hours").get<double>() * 3600, seconds * 4 / 3, 1e-3);
  EXPECT_NEAR(train.at("amount").get<double>(), seconds * 4 / 3, 1e-3);
  const auto text = bench_.millrace({"plan", "pipeline.yaml", "--set=training.epochs=4"});
  EXPECT_NE(text.out.find(" EUR"), std::string::npos) << text.out;
}

TEST_F(Cost, ABudgetStopsARunBeforeAnyWorkOnAllRanks) {
  ASSERT_EQ(run(3).exit_code, 0);
  configure(kPrices + budget(1e-6, ", stop: true"));
  for (const int ranks : {0, 1, 2}) {
    const auto refused = run(4, ranks);
    expect_topic(refused.exit_code, refused.err, Topic::kOverBudget);
    EXPECT_NE(refused.err.find("budget 'nights' has 0.00 EUR left"), std::string::npos) << refused.err;
  }
  const auto stage = bench_.millrace({"train", "pipeline.yaml", "--set=training.epochs=4"}, 2);
  expect_topic(stage.exit_code, stage.err, Topic::kOverBudget);
  EXPECT_EQ(runs(), 1U);
  EXPECT_EQ(run(3).exit_code, 0);  // nothing to do
}

TEST_F(Cost, SpentAndForecastTogetherAreWhatStops) {
  ASSERT_EQ(run(3).exit_code, 0);
  const double spent = cost().at("total").at("amount");
  configure(kPrices + budget(spent + 1e-5, ", stop: true"));
  const auto refused = run(4);
  expect_topic(refused.exit_code, refused.err, Topic::kOverBudget);
  configure(kPrices + budget(spent + 1000, ", stop: true"));
  EXPECT_EQ(run(4).exit_code, 0);
}

TEST_F(Cost, APlanAndABudgetForetellTheSame) {
  ASSERT_EQ(run(3).exit_code, 0);
  ASSERT_EQ(run(6).exit_code, 0);
  configure(kPrices + budget(1e-6, ", stop: true"));
  const auto plan = bench_.millrace({"plan", "pipeline.yaml", "--set=training.epochs=50"});
  const auto begin = plan.out.rfind(": ");
  ASSERT_NE(begin, std::string::npos) << plan.out;
  const std::string amount = plan.out.substr(begin + 2, plan.out.find('\n', begin) - begin - 2);
  EXPECT_TRUE(amount.ends_with(" EUR")) << plan.out;
  const auto refused = run(50);
  EXPECT_NE(refused.err.find("this run would cost about " + amount + ", "), std::string::npos)
      << amount << "\n"
      << refused.err;
}

// Of two trainings that begin at the same moment the budget allows one; a third may begin when that one has
// been killed.
TEST_F(Cost, RunsThatBeginAtOnceDoNotExceedABudgetTogether) {
  ASSERT_EQ(run(3).exit_code, 0);
  const auto command = [&](const char* verb, int epochs) {
    return bench_.millrace_command({verb, "pipeline.yaml", "--set=training.early_stopping=false",
                                    fmt::format("--set=training.epochs={}", epochs)});
  };
  auto planned = command("plan", 100'000);
  planned.emplace_back("--json");
  double forecast = 0;
  for (const Json& stage : Json::parse(testing_support::run_process(planned, bench_.folder()).out)) {
    if (stage.at("forecast").is_object()) forecast += stage.at("forecast").at("amount").get<double>();
  }
  const double spent = cost().at("total").at("amount");
  configure(kPrices + budget(spent + 1.5 * forecast, ", stop: true"));
  std::vector<std::unique_ptr<BackgroundProcess>> jobs;
  for (const int epochs : {100'000, 100'001})
    jobs.push_back(std::make_unique<BackgroundProcess>(
        command("run", epochs), bench_.path(fmt::format("{}.log", epochs)), bench_.folder()));
  while (jobs[0]->running() && jobs[1]->running()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const std::size_t refused = jobs[0]->running() ? 1 : 0;
  const std::string said = read_file(bench_.path(refused == 1 ? "100001.log" : "100000.log"));
  expect_topic(jobs[refused]->wait(10), said, Topic::kOverBudget);
  EXPECT_NE(said.find(" for runs that go on"), std::string::npos) << said;
  EXPECT_TRUE(jobs[1 - refused]->running());
  testing_support::wait_for_stage(bench_, *jobs[1 - refused], "train");
  const Json budgets = cost().at("budgets");
  EXPECT_GT(budgets[0].at("reserved"), 0.9 * forecast);
  EXPECT_EQ(bench_.latest_run().at("cost").at("reservation"), 1);

  jobs[1 - refused]->signal(SIGKILL);
  jobs[1 - refused]->wait(10);
  EXPECT_EQ(cost().at("budgets")[0].at("reserved"), 0);
  EXPECT_EQ(run(4).exit_code, 0);
  EXPECT_EQ(cost().at("budgets")[0].at("reserved"), 0);
}

TEST_F(Cost, AnOverrideGoesOnAndIsWrittenDown) {
  ASSERT_EQ(run(3).exit_code, 0);
  configure(kPrices + budget(1e-6, ", stop: true"));
  for (const int ranks : {1, 2}) {
    const auto begun = run(3 + ranks, ranks, {"--override-budget", "the board asked"});
    ASSERT_EQ(begun.exit_code, 0) << begun.err;
    const Json record = bench_.latest_run();
    EXPECT_EQ(record.at("override_budget").at("reason"), "the board asked");
    EXPECT_EQ(record.at("override_budget").at("budgets").size(), 1U);
    const auto events = read_events(bench_.path("workspace/runs/latest/events.jsonl"));
    EXPECT_EQ(
        std::ranges::count(events, "budget.override", [](const Json& e) { return e.value("event", ""); }), 1);
  }
  const auto entries = Journal(bench_.path("workspace/cost/overrides"), "overrides").read();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].content().at("run"), bench_.latest_run().at("run"));
  EXPECT_EQ(cost().at("overrides")[0].at("reason"), "the board asked");
}

TEST_F(Cost, AnOverrideWithoutNeedIsNone) {
  ASSERT_EQ(run(3, 0, {"--override-budget", "to be sure"}).exit_code, 0);
  EXPECT_FALSE(bench_.latest_run().contains("override_budget"));
  EXPECT_FALSE(path_exists(bench_.path("workspace/cost/overrides")));
}

TEST_F(Cost, ABudgetThatStopsNeedsThePrice) {
  configure(budget(100, ", stop: true"));
  for (const int ranks : {1, 2}) {
    const auto refused = run(3, ranks);
    expect_topic(refused.exit_code, refused.err, Topic::kNoPrice);
  }
  EXPECT_FALSE(path_exists(bench_.path("workspace/runs")));
}

TEST_F(Cost, ABudgetThatStopsNeedsThePriceOfGpusWhereTheyAreExpected) {
  configure("  prices: { cpu_hour: 3600 }\n" + budget(1e6, ", stop: true"));
  const auto refused = [](const ProcessResult& result) {
    expect_topic(result.exit_code, result.err, Topic::kNoPrice);
    EXPECT_NE(result.err.find("cost.prices has no gpu_hour"), std::string::npos) << result.err;
  };
  refused(run(3, 2, {"--set=training.device=cuda"}));
  std::vector<std::string> in_a_job{"env", "SLURM_JOB_ID=4711", "SLURM_GPUS_ON_NODE=1"};
  for (const std::string& word : bench_.millrace_command({"run", "pipeline.yaml"})) in_a_job.push_back(word);
  refused(testing_support::run_process(in_a_job, bench_.folder()));
  EXPECT_FALSE(path_exists(bench_.path("workspace/runs")));
  EXPECT_EQ(run(3, 0, {"--set=training.device=cpu"}).exit_code, 0);
}

TEST_F(Cost, EachThresholdIsToldOnce) {
  configure(kPrices + budget(1e-6, ", alerts: [50, 100]"));
  std::size_t told = 0;
  for (const int epochs : {3, 4, 5}) {
    const auto done = run(epochs);
    ASSERT_EQ(done.exit_code, 0) << done.err;
    for (std::size_t at = 0; (at = done.err.find("budget 'nights'", at)) != std::string::npos; ++at) ++told;
  }
  EXPECT_EQ(told, 4U);  // actual and forecast
  EXPECT_EQ(cost().at("alerts").size(), 0U);
  EXPECT_EQ(cost().at("budgets")[0].at("left"), 0);
}

TEST_F(Cost, AKilledRunIsChargedUntilItsLastEvent) {
  BackgroundProcess job(
      bench_.millrace_command({"train", "pipeline.yaml", "--quiet", "--set=training.epochs=100000",
                               "--set=training.early_stopping=false"}),
      bench_.path("job.log"), bench_.folder());
  testing_support::wait_for_stage(bench_, job, "train");
  job.signal(SIGKILL);
  job.wait(10);
  const auto events = read_events(bench_.path("workspace/runs/latest/events.jsonl"));
  ASSERT_GE(events.size(), 2U);
  EXPECT_FALSE(bench_.latest_run().at("cost").contains("wall_seconds"));
  const Json total = cost().at("total");
  EXPECT_GT(total.at("core_hours"), 0);
  EXPECT_GT(total.at("amount"), 0);
}

TEST_F(Cost, AJobIsChargedAsSlurmSays) {
  bench_.write("bin/sacct", "");
  std::filesystem::create_directory(bench_.path("bin"));
  bench_.write("bin/sacct", "#!/bin/sh\necho '4711|100|billing=8,cpu=8,gres/gpu=2,node=2|RUNNING'\n");
  std::filesystem::permissions(bench_.path("bin/sacct"), std::filesystem::perms::owner_all);
  const std::string path = "PATH=" + bench_.path("bin") + ":" + std::getenv("PATH");
  std::vector<std::string> command{"env",
                                   path,
                                   "SLURM_JOB_ID=4711",
                                   "SLURM_JOB_CPUS_PER_NODE=4(x2)",
                                   "SLURM_JOB_NUM_NODES=2",
                                   "SLURM_GPUS_ON_NODE=1"};
  const auto with = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> all = command;
    const auto rest = bench_.millrace_command(arguments);
    all.insert(all.end(), rest.begin(), rest.end());
    return testing_support::run_process(all, bench_.folder());
  };
  const auto done = with({"run", "pipeline.yaml"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const Json held = bench_.latest_run().at("cost");
  EXPECT_EQ(held.at("cores"), 8);
  EXPECT_EQ(held.at("gpus"), 2);
  EXPECT_EQ(held.at("slurm_job"), "4711");
  const auto asked = with({"cost", "pipeline.yaml", "--json"});
  ASSERT_EQ(asked.exit_code, 0) << asked.err;
  const Json report = Json::parse(asked.out);
  EXPECT_EQ(report.at("total").at("amount"), 800);
  EXPECT_EQ(report.at("usage"), "by Slurm's accounting for 1 of 1 jobs, else by the runs' own figures");
}

}  // namespace
}  // namespace millrace
