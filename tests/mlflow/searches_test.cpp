// What a search says to MLflow. What MLflow does with it: tests/interoperability/mlflow_server.py.
#include "mlflow/searches.hpp"

#include <set>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace millrace::mlflow {
namespace {

using testing_support::TemporaryFolder;

Json trial(int number, const char* state) {
  return {
      {"trial", number},
      {"state", state},
      {"epochs", 4},
      {"values", {{"training.learning_rate", 0.01}, {"model.activation", "relu"}, {"model.hidden", {8, 4}}}},
      {"scores", {{{"epochs", 1}, {"score", 0.7}}, {{"epochs", 4}, {"score", 0.8}}}},
      {"curve", {{{"epoch", 1}, {"train_loss", 0.5}, {"validation_loss", 0.6}}}}};
}

Json summary() {
  Json failed = trial(2, "failed");
  failed["error"] = "the training loss is nan";
  failed["scores"] = Json::array();
  return {{"search", "churn"},
          {"id", "a digest"},
          {"begun", "2026-11-27T08:00:00.000Z"},
          {"summarized", "2026-11-27T08:01:00.500Z"},
          {"metric", "auc"},
          {"best", {{"trial", 1}, {"score", 0.8}, {"values", Json::object()}}},
          {"trials", {trial(0, "done"), trial(1, "stopped"), failed}}};
}

TEST(TrackedSearch, IsARunWithOneForEachTrial) {
  const TrackedSearch search = track_search("model", summary());
  EXPECT_EQ(search.run.run, "search churn");
  EXPECT_EQ(search.run.end - search.run.begin, 60'500);
  EXPECT_EQ(search.run.run_tags.at("millrace.search.best"), "1");
  ASSERT_EQ(search.trials.size(), 3U);
  std::set<std::string> ids{search.run.id};
  for (const TrackedRun& run : search.trials) {
    EXPECT_EQ(run.model, "model");
    EXPECT_TRUE(ids.insert(run.id).second);
  }
}

TEST(TrackedSearch, TrialsHaveTheirValuesLossesAndScores) {
  const TrackedSearch search = track_search("model", summary());
  const TrackedRun& run = search.trials[0];
  EXPECT_EQ(
      run.parameters,
      (Pairs{{"training.learning_rate", "0.01"}, {"model.activation", "relu"}, {"model.hidden", "[8,4]"}}));
  std::vector<std::string> metrics;
  for (const Metric& metric : run.metrics)
    metrics.push_back(fmt::format("{} {} at {}", metric.name, metric.value, metric.step));
  EXPECT_EQ(metrics, (std::vector<std::string>{"train_loss 0.5 at 1", "validation_loss 0.6 at 1",
                                               "score.auc 0.7 at 1", "score.auc 0.8 at 4"}));
  EXPECT_EQ(run.status, "FINISHED");
  EXPECT_EQ(search.trials[2].status, "FAILED");
  EXPECT_EQ(search.trials[2].run_tags.at("millrace.trial.error"), "the training loss is nan");
}

TEST(TrackedSearch, IsTheSameOneWhenItHasGoneOn) {
  Json later = summary();
  later["trials"].push_back(trial(3, "open"));
  later["summarized"] = "2026-11-27T09:00:00.000Z";
  const TrackedSearch before = track_search("model", summary());
  const TrackedSearch after = track_search("model", later);
  EXPECT_EQ(after.run.id, before.run.id);
  for (std::size_t i = 0; i < before.trials.size(); ++i) EXPECT_EQ(after.trials[i].id, before.trials[i].id);
}

TEST(TrackedSearch, IsFoundByTheVersionsThatComeFromIt) {
  const TemporaryFolder folder;
  Registry registry(folder / "registry");
  registry.register_version("churn", {{"run", "1"}});
  registry.register_version("churn", {{"run", "2"}}, {{"search", summary()}});
  const Records records(folder / "registry");
  const RegistryState state = registry.state();
  EXPECT_EQ(search_of(state.versions[0], records), "");
  EXPECT_EQ(search_of(state.versions[1], records), track_search("churn", summary()).run.id);
}

}  // namespace
}  // namespace millrace::mlflow
