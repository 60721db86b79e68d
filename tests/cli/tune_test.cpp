// A search through the real executable: groups, kills, stops, limits, and what a bad search is told.
#include <algorithm>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "base/file.hpp"
#include "cli/ranks.hpp"
#include "cli/workbench.hpp"
#include "storage/journal.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::ProcessResult;
using testing_support::ranks_of;
using testing_support::Workbench;
using Words = std::vector<std::string>;

const char* const kTuning =
    "tuning:\n"
    "  space:\n"
    "    training.learning_rate: { loguniform: [1e-4, 1e-1] }\n"
    "    model.hidden: { choice: [[4], [16, 8]] }\n"
    "    features.numeric.log1p: { choice: [false] }\n"
    "    features.categorical.onehot_max: { choice: [4, 16], when: { features.numeric.log1p: false } }\n"
    "  trials: 12\n"
    "  startup: 3\n"
    "  scheduler: { max_epochs: 5 }\n";

class Tune : public testing::Test {
 protected:
  void SetUp() override {
    bench_.make_data(4, 300);
    bench_.write("pipeline.yaml", Workbench::configuration(kTuning));
  }
  [[nodiscard]] ProcessResult tune(const Words& more = {}, int ranks = 0) const {
    return bench_.millrace(command(more), ranks);
  }
  static Words command(const Words& more) {
    Words words{"tune", "pipeline.yaml", "--json", "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // The summary without what names the workspace.
  [[nodiscard]] static Json decisions(const ProcessResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    Json summary = parse_json(result.out, "the summary");
    for (const char* key : {"folder", "id", "begun", "summarized"}) summary.erase(key);
    return summary;
  }

  [[nodiscard]] std::size_t journal_entries() const {
    const std::string folder = bench_.path("workspace/tuning/test/journal");
    if (!std::filesystem::exists(folder)) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(
        list_folder(folder), [](const std::string& name) { return name.ends_with(".json"); }));
  }

  // Claims beyond one for each result.
  [[nodiscard]] std::size_t segments_done_twice() const {
    std::size_t claims = 0;
    std::size_t results = 0;
    for (const JournalEntry& entry : Journal(bench_.path("workspace/tuning/test/journal"), "search").read()) {
      claims += entry.content().at("type") == "claim" ? 1 : 0;
      results += entry.content().at("type") == "result" ? 1 : 0;
    }
    return claims - results;
  }

  Workbench bench_;
};

TEST_F(Tune, OneTwoAndFourGroupsDecideTheSame) {
  const Json alone = decisions(tune());
  EXPECT_EQ(alone.at("trials").size(), 12U);
  EXPECT_TRUE(alone.at("complete").get<bool>());
  for (const int ranks : {2, 4}) {
    EXPECT_EQ(decisions(tune({"--workspace", fmt::format("workspace-{}", ranks)}, ranks)), alone) << ranks;
  }
}

TEST_F(Tune, KilledAgainAndAgainItEndsAsIfUndisturbed) {
  const Json undisturbed = decisions(tune({"--workspace", "undisturbed"}, 2));
  int kills = 0;
  for (const std::size_t more_entries : {2U, 5U, 9U, 4U, 7U}) {
    const std::size_t before = journal_entries();
    BackgroundProcess job(bench_.millrace_command(command({}), 2, "--talkative"), bench_.path("killed.log"),
                          bench_.folder());
    while (journal_entries() < before + more_entries && job.running())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto ranks = ranks_of(job.pid());
    for (const pid_t rank : ranks)
      ::kill(rank, SIGKILL);  // one alone would get on until the launcher sees it
    kills += ranks.size() == 2 ? 1 : 0;
    EXPECT_NE(job.wait(30), -1) << "the job hangs";
  }
  EXPECT_GE(kills, 3);
  EXPECT_EQ(decisions(tune({}, 2)), undisturbed);
}

TEST_F(Tune, TwoJobsAtATimeDivideTheWorkAndBothHaveItAll) {
  const Json alone = decisions(tune({"--workspace", "alone"}));
  BackgroundProcess other(bench_.millrace_command(command({})), bench_.path("other.log"), bench_.folder());
  const Json here = decisions(tune());
  EXPECT_EQ(other.wait(60), 0) << read_file(bench_.path("other.log"));
  EXPECT_EQ(here, alone);
  EXPECT_EQ(segments_done_twice(), 0U);
  EXPECT_TRUE(list_folder(bench_.path("workspace/tuning/test/jobs")).empty());
}

TEST_F(Tune, StoppedItSaysSoAndGoesOn) {
  const Json undisturbed = decisions(tune({"--workspace", "undisturbed"}));
  BackgroundProcess job(bench_.millrace_command(command({})), bench_.path("stopped.log"), bench_.folder());
  const std::string entry = bench_.path("workspace/tuning/test/journal/000000008.json");
  while (!std::filesystem::exists(entry) && job.running())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  job.signal(SIGTERM);
  EXPECT_EQ(job.wait(30), 75) << read_file(bench_.path("stopped.log"));
  EXPECT_EQ(decisions(tune()), undisturbed);
}

TEST_F(Tune, WhenTimeIsUpItEndsWithWhatItHasAndGoesOnLater) {
  const ProcessResult cut = tune({"--set=tuning.limits.seconds=0.4"}, 2);
  // A slow machine may have come to no score by then.
  if (cut.exit_code != 0) testing_support::expect_topic(cut.exit_code, cut.err, Topic::kNoTrial);
  EXPECT_EQ(decisions(tune()), decisions(tune({"--workspace", "undisturbed"})));
}

TEST_F(Tune, ALimitOfMoneyIsOneOfTimeAndNeedsAPrice) {
  const ProcessResult free = tune({"--set=tuning.limits.cost=0.002"}, 2);
  testing_support::expect_topic(free.exit_code, free.err, Topic::kNoPrice);
  EXPECT_NE(free.err.find("tuning.limits.cost is set, and cost.prices has no cpu_hour"), std::string::npos)
      << free.err;
  // Two cores for a fiftieth of a second: far fewer than all epochs.
  const ProcessResult cut = tune({"--set=tuning.limits.cost=0.0001", "--set=cost.prices.cpu_hour=9"}, 2);
  if (cut.exit_code == 0) {
    EXPECT_FALSE(Json::parse(cut.out).at("complete").get<bool>());
  } else {
    testing_support::expect_topic(cut.exit_code, cut.err, Topic::kNoTrial);
  }
}

TEST_F(Tune, ItsBestConfigurationTrainsToItsScoreAndMoreTrialsGoOn) {
  const Json search = decisions(tune({"--set=tuning.metric=loss", "--set=tuning.scheduler.kind=none"}));
  const auto run = bench_.millrace({"train", "workspace/tuning/test/best.yaml", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string training = bench_.latest_run().at("outputs").at("train").at("training");
  const Json history =
      read_json_file(bench_.path("workspace/objects/" + training.substr(0, 2) + "/" + training.substr(2)));
  double best = 1e9;
  for (const Json& epoch : history.at("history"))
    best = std::min(best, epoch.at("validation_loss").get<double>());
  EXPECT_EQ(best, search.at("best").at("score").get<double>());
  const Json more = decisions(
      tune({"--set=tuning.metric=loss", "--set=tuning.scheduler.kind=none", "--set=tuning.trials=14"}));
  EXPECT_EQ(more.at("trials").size(), 14U);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(more.at("trials").at(i), search.at("trials").at(i));
}

TEST_F(Tune, ThePipelineGoesOnWithTheBest) {
  const auto result = bench_.millrace({"tune", "pipeline.yaml", "--run"}, 2);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("the configuration as it stands"), std::string::npos) << result.out;
  const Json run = bench_.latest_run();
  EXPECT_EQ(run.at("status"), "done");
  EXPECT_EQ(run.at("because").get<std::string>().find("the best of the search test: trial "), 0U);
}

TEST_F(Tune, TheSearchIsARunAndTheVersionThatComesOfItKeepsItsTrials) {
  const auto result = bench_.millrace({"tune", "pipeline.yaml", "--run"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const int trial = bench_.latest_run().at("search").at("trial");
  const auto asked = [&](const Words& words) {
    const auto answer = bench_.millrace(words);
    EXPECT_EQ(answer.exit_code, 0) << answer.err;
    return answer.out;
  };
  const Json runs = parse_json(asked({"runs", "--search", "test", "--json"}), "runs");
  ASSERT_EQ(runs.at("runs").size(), 2U);
  const Json& search = runs.at("runs").at(1);
  EXPECT_EQ(search.at("stages").back().at("name"), "tune");
  EXPECT_EQ(search.at("search").at("best").at("trial"), trial);
  EXPECT_EQ(runs.at("search").at("trials").size(), 12U);
  EXPECT_NE(asked({"runs"}).find(fmt::format("trial {} of the search test", trial)), std::string::npos);

  const Json version = parse_json(asked({"registry", "show", "test/1", "--json"}), "version").at("details");
  EXPECT_EQ(version.at("search"), Json({{"name", "test"}, {"trial", trial}}));
  const std::string record = version.at("records").at("search");
  const Json kept = read_json_file(bench_.path("workspace/registry/records/" + record + ".json"));
  EXPECT_EQ(kept.at("trials"), runs.at("search").at("trials"));
  for (const std::string& from : {std::string("test"), fmt::format("test/{}", trial)})
    EXPECT_EQ(parse_json(asked({"registry", "lineage", "--from", from, "--json"}), "versions"),
              Json({"test/1"}));
}

TEST_F(Tune, ARunOfAnUnknownSearchIsRefused) {
  const auto refused = bench_.millrace({"runs", "--search", "tset"});
  testing_support::expect_topic(refused.exit_code, refused.err, Topic::kUnknownRun);
}

TEST_F(Tune, ASearchWithAnotherSpaceIsRefusedAndTheDifferenceNamed) {
  (void)decisions(tune({"--set=tuning.trials=2"}));
  const auto refused = tune({"--set=tuning.space.\"training.learning_rate\"={ loguniform: [1e-4, 1] }"}, 2);
  testing_support::expect_topic(refused.exit_code, refused.err, Topic::kOtherSearch);
  EXPECT_NE(refused.err.find("space.training.learning_rate.loguniform.1: 0.1 → 1.0"), std::string::npos)
      << refused.err;
  EXPECT_EQ(tune({"--set=tuning.seed=2", "--set=tuning.name=other", "--set=tuning.trials=2"}).exit_code, 0);
}

TEST_F(Tune, ATrialThatFailsDoesNotEndTheSearch) {
  const Json summary = decisions(tune({"--set=tuning.trials=3",
                                       "--set=tuning.space={ training.learning_rate: { choice: [1e30] }, "
                                       "model.hidden: { choice: [[4], [8]] } }"},
                                      2));
  ASSERT_EQ(summary.at("trials").size(), 3U);
  EXPECT_EQ(summary.at("best").at("trial"), 0);
  for (const std::size_t trial : {1U, 2U}) EXPECT_EQ(summary.at("trials").at(trial).at("state"), "failed");
}

TEST_F(Tune, ABadSpaceIsRefusedWithItsPlaceOnAnyNumberOfRanks) {
  struct Case {
    const char* parameter;
    Topic topic;
    const char* words;
  };
  const std::vector<Case> cases{
      {"model.hiden: { choice: [[4]] }", Topic::kUnknownKey, "pipeline.yaml:10:18: unknown key 'hiden'"},
      {"training.learning_rate: { uniform: [1, 0.1] }", Topic::kWrongValue,
       "pipeline.yaml:10:41: tuning.space.training.learning_rate.uniform must be [low, high] with low not "
       "above "
       "high (0.1), not '1'"},
      {"model.dropout: { uniform: [0, 1.5] }", Topic::kWrongValue, "model.dropout must be a number, from 0"}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    bench_.write("pipeline.yaml", Workbench::configuration("tuning:\n  space:\n    " +
                                                           std::string(cases[i].parameter) + "\n"));
    const auto refused = tune({}, static_cast<int>(i % 2) * 3);
    testing_support::expect_topic(refused.exit_code, refused.err, cases[i].topic);
    EXPECT_NE(refused.err.find(cases[i].words), std::string::npos) << refused.err;
  }
  EXPECT_FALSE(std::filesystem::exists(bench_.path("workspace")));
}

TEST_F(Tune, WhereEveryTrialFailsItSaysWhy) {
  const auto failed = tune({"--set=training.learning_rate=1e30", "--set=tuning.trials=2",
                            "--set=tuning.space={ training.learning_rate: { choice: [1e29, 1e30] } }"},
                           2);
  testing_support::expect_topic(failed.exit_code, failed.err, Topic::kNoTrial);
  EXPECT_NE(failed.err.find("trial 0: the "), std::string::npos) << failed.err;
}

TEST_F(Tune, NeedsASpaceAndValidationRows) {
  const auto no_space = tune({"--set=tuning.space={}"}, 2);
  testing_support::expect_topic(no_space.exit_code, no_space.err, Topic::kSearchSpace);
  const auto no_rows = tune({"--set=data.split.validation=0"}, 2);
  testing_support::expect_topic(no_rows.exit_code, no_rows.err, Topic::kNoValidationRows);
}

TEST_F(Tune, RanksThatMakeNoWholeGroupsAreRefusedBeforeAnyWork) {
  const auto ranks = tune({"--set=tuning.ranks_per_trial=2"}, 3);
  testing_support::expect_topic(ranks.exit_code, ranks.err, Topic::kContradiction);
  EXPECT_FALSE(std::filesystem::exists(bench_.path("workspace/runs")));
}

}  // namespace
}  // namespace millrace
