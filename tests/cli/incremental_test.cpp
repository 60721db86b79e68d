// Nights that read new files alone and go on from the champion, through the real executable.
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "cli/workbench.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::Workbench;

class Incremental : public testing::Test {
 protected:
  void SetUp() override {
    bench_.make_data(6, 300);
    std::filesystem::rename(bench_.path("data"), bench_.path("later"));
    std::filesystem::create_directory(bench_.path("data"));
    for (int i = 0; i < 3; ++i) arrive();
    configure("warm_start: true, window: 2, full_every: 3");
  }

  void configure(const std::string& retrain, const std::string& extra = "") const {
    bench_.write("pipeline.yaml",
                 Workbench::configuration("evaluation: { gate: { not_worse_by: 0.5 } }\nretrain: { " +
                                          retrain + " }\n" + extra));
  }
  // One more day.
  void arrive() {
    const std::string name = list_folder(bench_.path("later")).at(0);
    std::filesystem::rename(bench_.path("later/" + name), bench_.path("data/" + name));
  }

  // The outputs of a night that must go well.
  Json night(int ranks = 0) const {
    const ProcessResult result = bench_.millrace({"run", "pipeline.yaml", "--quiet"}, ranks);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return bench_.latest_run().at("outputs");
  }
  [[nodiscard]] std::string log_of(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"run", "pipeline.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    const ProcessResult result = bench_.millrace(words);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.err;
  }
  // Of the last run, the last event of this name.
  [[nodiscard]] Json event(const std::string& name, const std::string& workspace = "workspace") const {
    Json found;
    for (const std::string& line :
         lines_of(read_file(bench_.path(workspace + "/runs/latest/events.jsonl")))) {
      Json event = Json::parse(line);
      if (event.at("event") == name) found = std::move(event);
    }
    return found;
  }
  [[nodiscard]] std::uint64_t kept_files() const { return event("ingest.done").at("kept_files"); }
  [[nodiscard]] std::string object(const std::string& digest, const std::string& workspace) const {
    return bench_.path(workspace + "/objects/" + digest.substr(0, 2) + "/" + digest.substr(2));
  }
  void remove_feature_shards(const std::string& version, const std::string& workspace) const {
    const Json set = read_json_file(object(version, workspace));
    for (const Json& part : set.at("parts")) {
      for (const Json& shard : part) std::filesystem::remove(object(shard.at("object"), workspace));
    }
  }
  // A night on these data beside one in a copy of the workspace in which no feature shard is left: {made,
  // kept} of the first.
  std::pair<int, int> night_as_without_kept_features(const Json& before) const {
    std::filesystem::remove_all(bench_.path("copy"));
    std::filesystem::copy(
        bench_.path("workspace"), bench_.path("copy"),
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
    remove_feature_shards(before.at("features").at("features"), "copy");
    const Json kept = night();
    const ProcessResult other =
        bench_.millrace({"run", "pipeline.yaml", "--workspace", "copy", "--quiet"}, 2);
    EXPECT_EQ(other.exit_code, 0) << other.err;
    EXPECT_EQ(event("features.shards", "copy").at("kept"), 0);
    const Json anew = bench_.latest_run("copy").at("outputs");
    EXPECT_EQ(anew.at("features"), kept.at("features"));
    return {event("features.shards").at("made"), event("features.shards").at("kept")};
  }
  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return lines;
  }
  static std::uint64_t rows(const Json& outputs) {
    const Json& features = outputs.at("features");
    return features.at("train").get<std::uint64_t>() + features.at("validation").get<std::uint64_t>() +
           features.at("test").get<std::uint64_t>();
  }

  Workbench bench_;
};

TEST_F(Incremental, ReadsTheNewDayAndGoesOnFromTheChampionOnTheWindow) {
  const Json first = night();
  EXPECT_FALSE(first.at("features").contains("warm_start"));
  EXPECT_EQ(rows(first), 900U);
  arrive();
  const Json second = night();
  EXPECT_EQ(kept_files(), 3U);
  EXPECT_EQ(second.at("ingest").at("rows"), 1200);
  EXPECT_EQ(second.at("features").at("warm_start").at("weights"), first.at("train").at("weights"));
  EXPECT_EQ(rows(second), 600U);
  EXPECT_NE(second.at("train").at("weights"), first.at("train").at("weights"));
  EXPECT_EQ(night(), second);  // nothing has changed: nothing runs
  for (const Json& stage : bench_.latest_run().at("stages"))
    EXPECT_TRUE(stage.at("cached").get<bool>()) << stage;
}

TEST_F(Incremental, TheVersionOfTheDataIsThatOfReadingAll) {
  night();
  arrive();
  const Json kept = night();
  configure("warm_start: false", "workspace: another\n");
  const ProcessResult afresh = bench_.millrace({"ingest", "pipeline.yaml", "--quiet"});
  ASSERT_EQ(afresh.exit_code, 0) << afresh.err;
  EXPECT_EQ(bench_.latest_run("another").at("outputs").at("ingest"), kept.at("ingest"));
}

// Late: it sorts between others. Each change by itself.
TEST_F(Incremental, SoItIsOfALateARemovedAndAChangedFile) {
  const auto ingest = [&](const std::string& workspace) {
    const ProcessResult result =
        bench_.millrace({"ingest", "pipeline.yaml", "--quiet", "--workspace", workspace});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return bench_.latest_run(workspace).at("outputs").at("ingest");
  };
  const auto expect_as_afresh = [&](std::uint64_t kept, const std::string& what) {
    const Json tonight = ingest("workspace");
    EXPECT_EQ(kept_files(), kept) << what;
    EXPECT_EQ(ingest("afresh"), tonight) << what;
    std::filesystem::remove_all(bench_.path("afresh"));
  };
  const std::string late = bench_.path("data/" + list_folder(bench_.path("data")).at(1));
  std::filesystem::rename(late, bench_.path("late"));
  ingest("workspace");
  std::filesystem::rename(bench_.path("late"), late);
  expect_as_afresh(2, "late");
  std::filesystem::remove(bench_.path("data/" + list_folder(bench_.path("data")).at(0)));
  expect_as_afresh(2, "removed");
  const std::string text = read_file(late);
  bench_.write("data/" + std::filesystem::path(late).filename().string(),
               text.substr(0, text.rfind('\n', text.size() - 2) + 1));
  expect_as_afresh(1, "changed in place");
}

TEST_F(Incremental, AnEmptyFileIsWarnedOfAndAForeignOneRefusedWithoutLoss) {
  const Json before = night();
  bench_.write("data/zz.csv", "a,b\n1,2\n");
  const ProcessResult foreign = bench_.millrace({"run", "pipeline.yaml", "--quiet"}, 3);
  testing_support::expect_topic(foreign.exit_code, foreign.err, Topic::kDifferentColumns);
  EXPECT_NE(foreign.err.find("'zz.csv' lacks"), std::string::npos) << foreign.err;
  std::filesystem::remove(bench_.path("data/zz.csv"));
  EXPECT_EQ(night(), before);
  bench_.write("data/zz.csv", "");
  EXPECT_NE(log_of().find("'zz.csv' is empty"), std::string::npos);
  EXPECT_EQ(bench_.latest_run().at("outputs").at("ingest").at("rows"), before.at("ingest").at("rows"));
}

TEST_F(Incremental, RowsOfAnOldDayInANewFileAreFound) {
  night();
  const auto days = list_folder(bench_.path("data"));
  std::filesystem::copy(bench_.path("data/" + days.at(0)), bench_.path("data/zz.csv"));
  const ProcessResult refused =
      bench_.millrace({"run", "pipeline.yaml", "--quiet", "--set", "validation.reference.changes=reject"}, 2);
  testing_support::expect_topic(refused.exit_code, refused.err, Topic::kValidationRejected);
  EXPECT_NE(refused.err.find("repeated_rows"), std::string::npos) << refused.err;
  EXPECT_NE(log_of().find("rows that repeat another"), std::string::npos);  // by itself a warning
}

TEST_F(Incremental, BeginsAfreshWhereAColumnIsGoneOrOfAnotherType) {
  night();
  const std::vector<std::vector<std::string>> cases{
      {"data.drop=[customer_id, data_gb]", "the column 'data_gb' as real, which"},
      {"data.types={age: text}", "the column 'age' as integer, which"}};
  for (const auto& one : cases) {
    const ProcessResult result = bench_.millrace({"run", "pipeline.yaml", "--set", one[0]});
    testing_support::expect_topic(result.exit_code, result.err, Topic::kGate);  // nothing to compare it by
    EXPECT_NE(result.err.find("training begins afresh: the champion needs " + one[1]), std::string::npos)
        << result.err;
  }
}

TEST_F(Incremental, IsTheSameForTwoRanks) {
  night(2);
  arrive();
  const Json together = night(2);
  EXPECT_EQ(kept_files(), 3U);
  EXPECT_TRUE(together.at("features").contains("warm_start"));
}

TEST_F(Incremental, EverySoManyThModelIsTrainedAfresh) {
  night();  // in full
  std::vector<bool> warm;
  for (int i = 0; i < 3; ++i) {
    arrive();
    warm.push_back(night().at("features").contains("warm_start"));
  }
  EXPECT_EQ(warm, (std::vector<bool>{true, true, false}));
  EXPECT_EQ(rows(bench_.latest_run().at("outputs")), 1800U);
}

TEST_F(Incremental, SaysWhyItBeginsAfresh) {
  EXPECT_NE(log_of().find("training begins afresh: there is no champion yet"), std::string::npos);
  arrive();
  const std::string log = log_of({"--set", "model.hidden=[8]"});
  EXPECT_NE(
      log.find("training begins afresh: test/1 was trained by other settings of features, split or model"),
      std::string::npos)
      << log;
  arrive();
  EXPECT_NE(log_of({"--set", "model.hidden=[8]"}).find("training begins with version 2"), std::string::npos);
}

using Counts = std::pair<int, int>;

TEST_F(Incremental, FeatureShardsAreKeptWhereTheyWouldComeOutAsTheyDid) {
  configure("warm_start: true, window: 2, replay: 0.3", "features: { categorical: { min_count: 40 } }\n");
  const Json first = night();
  arrive();  // days 3 and 4 in the window, 1 and 2 replayed
  EXPECT_EQ(night_as_without_kept_features(first), Counts(3, 1));
  const Json second = bench_.latest_run().at("outputs");
  arrive();  // 4 and 5, and 3 replayed
  EXPECT_EQ(night_as_without_kept_features(second), Counts(2, 3));
}

TEST_F(Incremental, ANewLevelChangesTheShardsThatHoldIt) {
  configure("warm_start: true, window: 3, replay: 0",
            "features: { categorical: { encode: embedding, min_count: 1 } }\n");
  const Json first = night();
  arrive();
  const std::string day = "data/" + list_folder(bench_.path("data")).back();
  std::string text = read_file(bench_.path(day));
  for (std::size_t at = 0; (at = text.find("month-to-month", at)) != std::string::npos;)
    text.replace(at, 14, "weekly");
  bench_.write(day, text);
  // The days hold codes besides that training rows of the window have for the first time, so more shards than
  // the new one may be made.
  const auto [made, kept] = night_as_without_kept_features(first);
  EXPECT_GE(made, 1);
  EXPECT_EQ(made + kept, 3);
  const Json second = bench_.latest_run().at("outputs");
  EXPECT_GT(second.at("train").at("parameters"), first.at("train").at("parameters"));
}

TEST_F(Incremental, ReplayAddsOlderRowsToTrainOnAndNoneToTestBy) {
  configure("warm_start: true, window: 1, replay: 0");
  night();
  arrive();
  const Json without = night().at("features");
  configure("warm_start: true, window: 1, replay: 0.5");
  const Json with = night().at("features");
  EXPECT_EQ(with.at("test"), without.at("test"));
  const auto more = with.at("train").get<double>() - without.at("train").get<double>();
  // Of 900 older rows 0.72 are for training, and each comes with probability 0.5: 324 on average, with a
  // deviation below 15.
  EXPECT_NEAR(more, 324, 75);
}

}  // namespace
}  // namespace millrace
