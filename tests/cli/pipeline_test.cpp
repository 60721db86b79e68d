// The whole line through the real executable: results that do not depend on the number of ranks, a second run
// that does nothing, kill and resume.
#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/workbench.hpp"
#include "net/http.hpp"
#include "support/http_request.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::http_request;
using testing_support::Workbench;

std::string output(const Json& run, const char* pointer) {
  return run.at("outputs").at(Json::json_pointer(pointer));
}

Json run_with_ranks(const Workbench& bench, int ranks) {
  const std::string workspace = fmt::format("workspace-{}", ranks);
  const auto result = bench.millrace({"run", "pipeline.yaml", "--quiet", "--workspace", workspace}, ranks);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return bench.latest_run(workspace);
}

TEST(Pipeline, GivesTheSameDataAndFeaturesForAnyNumberOfRanks) {
  const Workbench bench;
  bench.make_data();
  const Json alone = run_with_ranks(bench, 1);
  for (const int ranks : {2, 3, 4}) {
    const Json run = run_with_ranks(bench, ranks);
    EXPECT_EQ(output(run, "/ingest/dataset"), output(alone, "/ingest/dataset")) << ranks;
    EXPECT_EQ(output(run, "/validate/verdict"), output(alone, "/validate/verdict")) << ranks;
    EXPECT_EQ(output(run, "/features/features"), output(alone, "/features/features")) << ranks;
    const Json& rows = run["outputs"]["features"];
    EXPECT_EQ(rows["train"].get<int>() + rows["validation"].get<int>() + rows["test"].get<int>(),
              run["dataset"]["rows"]);
    EXPECT_NEAR(run["metrics"]["test"]["auc"], alone["metrics"]["test"]["auc"], 1e-3) << ranks;
  }
}

TEST(Pipeline, DoesNothingTheSecondTimeAndSaysSo) {
  const Workbench bench;
  bench.make_data();
  ASSERT_EQ(bench.millrace({"run", "pipeline.yaml"}, 2).exit_code, 0);
  const auto again = bench.millrace({"run", "pipeline.yaml"}, 3);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.err.find("nothing to do"), std::string::npos) << again.err;
  const Json record = bench.latest_run();
  ASSERT_EQ(record["stages"].size(), 8U);
  for (const Json& stage : record["stages"]) EXPECT_TRUE(stage["cached"]) << stage;
}

TEST(Pipeline, RunsAgainOnlyWhatAChangeTouches) {
  const Workbench bench;
  bench.make_data();
  ASSERT_EQ(bench.millrace({"run", "pipeline.yaml", "--quiet"}).exit_code, 0);
  const auto plan = bench.millrace({"plan", "pipeline.yaml", "--json", "--set", "training.epochs=2"});
  ASSERT_EQ(plan.exit_code, 0) << plan.err;
  const Json stages = Json::parse(plan.out);
  EXPECT_EQ(stages[2]["state"], "cached");
  EXPECT_EQ(stages[3]["state"], "runs");
  EXPECT_EQ(stages[3]["reasons"][0], "settings.training.epochs: 3 → 2");
  EXPECT_NE(stages[4]["state"], "cached");
}

TEST(Pipeline, RunsNothingAfterAStageThatGivesTheSameBytes) {
  const Workbench bench;
  bench.make_data();
  ASSERT_EQ(bench.millrace({"run", "pipeline.yaml", "--quiet"}).exit_code, 0);
  // Another key for validation and its verdict, but the same data.
  ASSERT_EQ(bench.millrace({"run", "pipeline.yaml", "--quiet", "--set", "validation.missing.max_share=0.5"})
                .exit_code,
            0);
  const Json record = bench.latest_run();
  EXPECT_FALSE(record["stages"][1]["cached"]);
  EXPECT_TRUE(record["stages"][2]["cached"]);
  EXPECT_TRUE(record["stages"][3]["cached"]);
}

TEST(Pipeline, EveryStageCanBeTheLast) {
  const Workbench bench;
  bench.make_data(2, 200);
  std::size_t expected = 0;
  for (const char* stage :
       {"ingest", "validate", "features", "train", "evaluate", "register", "package", "deploy"}) {
    const auto result = bench.millrace({stage, "pipeline.yaml", "--quiet"});
    EXPECT_EQ(result.exit_code, 0) << stage << result.err;
    EXPECT_EQ(bench.latest_run()["stages"].size(), ++expected) << stage;
  }
  EXPECT_TRUE(std::filesystem::exists(bench.path("workspace/runs/latest/report.html")));
}

TEST(Pipeline, AnswersOverHttpAndScoresFilesAlike) {
  const Workbench bench;
  bench.make_data();
  ASSERT_EQ(bench.millrace({"run", "pipeline.yaml", "--quiet"}, 2).exit_code, 0);
  const auto scored = bench.millrace({"predict", "test@champion", "data/churn-2026-10-01.csv"});
  ASSERT_EQ(scored.exit_code, 0) << scored.err;
  EXPECT_EQ(split(scored.out, '\n').size(), 400U + 2U);  // header, rows, end

  const BackgroundProcess server(
      bench.millrace_command({"serve", "test", "--port", "0", "--address-file", "address"}),
      bench.path("server.log"), bench.folder());
  for (int i = 0; i < 1000 && !std::filesystem::exists(bench.path("address")); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const std::string address(trim(read_file(bench.path("address"))));
  EXPECT_EQ(http_request("GET", "http://" + address + "/v2/health/ready").status, 200);
  const auto answer = bench.millrace({"request", "test", R"({"age": 30})", "--address", address});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("probability"), std::string::npos) << answer.out;
  const auto mistaken = bench.millrace({"request", "test", R"({"agee": 30})", "--address", address});
  EXPECT_EQ(mistaken.exit_code, 2);
  EXPECT_NE(mistaken.err.find("agee"), std::string::npos) << mistaken.err;
}

TEST(Pipeline, ReadsAndScoresGzipAlike) {
  const Workbench bench;
  bench.make_data();
  ASSERT_EQ(bench.millrace({"run", "pipeline.yaml", "--quiet"}, 2).exit_code, 0);
  const Json plain = bench.latest_run();
  const std::string day = "data/churn-2026-10-01.csv";
  const auto scored = bench.millrace({"predict", "test@champion", day});
  ASSERT_EQ(testing_support::run_process({"gzip", day}, bench.folder()).exit_code, 0);
  std::string packed = bench.millrace({"predict", "test@champion", day + ".gz"}).out;
  for (auto at = packed.find(".gz,"); at != std::string::npos; at = packed.find(".gz,")) packed.erase(at, 3);
  EXPECT_EQ(packed, scored.out);

  const auto again = bench.millrace(
      {"train", "pipeline.yaml", "--quiet", "--workspace", "packed", "--set=data.source=data"}, 2);
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(output(bench.latest_run("packed"), "/ingest/dataset"), output(plain, "/ingest/dataset"));
  EXPECT_EQ(output(bench.latest_run("packed"), "/train/weights"), output(plain, "/train/weights"));
}

TEST(Pipeline, RefusesAModelThatIsWorseThanTheChampion) {
  const Workbench bench;
  bench.make_data();
  ASSERT_EQ(bench.millrace({"run", "pipeline.yaml", "--quiet", "--set", "training.epochs=10"}).exit_code, 0);
  const auto worse =
      bench.millrace({"run", "pipeline.yaml", "--quiet", "--set", "training.learning_rate=1e-9"});
  EXPECT_EQ(worse.exit_code, 4) << worse.err;
  const auto list = bench.millrace({"registry", "list", "--json"});
  EXPECT_EQ(Json::parse(list.out).size(), 1U) << list.out;
  const auto show = bench.millrace({"registry", "show", "test@champion"});
  EXPECT_EQ(show.exit_code, 0) << show.err;
  for (const char* line : {"validation    auc 0.", "test          auc 0.", "cost "}) {
    EXPECT_NE(show.out.find(line), std::string::npos) << show.out;
  }
}

TEST(Pipeline, HelpOfEveryCommandHasAnExample) {
  const Workbench bench;
  for (const char* command :
       {"run",     "plan",   "ingest",  "validate", "features", "train",   "evaluate", "register",
        "package", "deploy", "serve",   "request",  "load",     "predict", "registry", "runs",
        "status",  "cost",   "datagen", "chaos",    "config",   "doctor",  "version"}) {
    const auto help = bench.millrace({command, "--help"});
    EXPECT_EQ(help.exit_code, 0) << command;
    EXPECT_NE(help.out.find("example:\n"), std::string::npos) << command;
  }
}

TEST(Pipeline, DoctorLooksAtTheMachineOnEveryRank) {
  const Workbench bench;
  const auto result = bench.millrace({"doctor", "--json"}, 3);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json findings = Json::parse(result.out);
  EXPECT_NE(findings[0]["found"].get<std::string>().find("3 rank(s)"), std::string::npos);
  std::map<std::string, std::string> found;
  for (const Json& finding : findings) found[finding.at("subject")] = finding.at("found");
  for (const char* subject :
       {"MPI", "cores", "HDF5", "GPU module", "training", "/dev/shm", "Slurm", "workspace"}) {
    EXPECT_TRUE(found.contains(subject)) << subject;
  }
  EXPECT_TRUE(found["training"].starts_with("on ")) << found["training"];
}

}  // namespace
}  // namespace millrace
