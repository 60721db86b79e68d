#include "model/scorer.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "config/pipeline_config.hpp"
#include "model/random_network.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::random_parameters;

FeaturePlan small_plan(const std::string& task) {
  FeaturePlan plan;
  NumericTransform number;
  number.mean = 2;
  number.deviation = 4;
  plan.steps.push_back({"x", ColumnType::kReal, number});
  plan.steps.push_back({"colour", ColumnType::kText, Embedding{Vocabulary{{"red", "blue"}}, 3}});
  plan.target.task = task;
  plan.target.mean = 100;
  plan.target.deviation = 10;
  if (task != "regression") plan.target.classes = {"a", "b", "c"};
  return plan;
}

Table small_table(const FeaturePlan& plan) {
  Table table = make_table(plan.input_schema());
  TextAppender colours(table.columns[1]);
  for (const double x : {-3.5, 2.0, 1e3}) table.columns[0].append_real(x);
  for (const char* colour : {"red", "green", "blue"}) colours.append(colour);
  return table;
}

Scorer small_scorer(const std::string& task) {
  const FeaturePlan plan = small_plan(task);
  ModelConfig config;
  config.hidden = {5};
  config.skip = true;
  const NetworkSpec spec = make_network_spec(plan, config);
  return {plan, Network(spec, random_parameters(spec, 1))};
}

TEST(NetworkSpec, FollowsFromPlanAndConfiguration) {
  const NetworkSpec spec = small_scorer("multiclass").network().spec();
  EXPECT_EQ(spec.n_numeric, 1U);
  ASSERT_EQ(spec.embeddings.size(), 1U);
  EXPECT_EQ(spec.embeddings[0].cardinality, 4U);  // missing, unknown, red, blue
  EXPECT_EQ(spec.embeddings[0].dimension, 3U);
  EXPECT_EQ(spec.n_outputs, 3U);
  EXPECT_EQ(spec.hidden, std::vector<std::uint32_t>{5});
  EXPECT_TRUE(spec.skip);
  EXPECT_EQ(make_network_spec(small_plan("binary"), {}).n_outputs, 1U);
  ModelConfig config;
  config.activation = "relo";
  EXPECT_THROW(make_network_spec(small_plan("binary"), config), Error);
}

TEST(Scorer, GivesClassProbabilities) {
  const Scorer scorer = small_scorer("multiclass");
  Scorer::Workspace workspace;
  std::vector<float> predictions;
  scorer.predict(small_table(scorer.plan()), workspace, predictions);
  ASSERT_EQ(predictions.size(), 9U);
  for (std::size_t r = 0; r < 3; ++r) {
    EXPECT_NEAR(predictions[3 * r] + predictions[3 * r + 1] + predictions[3 * r + 2], 1, 1e-6);
  }
}

TEST(Scorer, GivesRegressionsInTheTargetsUnits) {
  const Scorer scorer = small_scorer("regression");
  Scorer::Workspace workspace;
  std::vector<float> predictions;
  scorer.predict(small_table(scorer.plan()), workspace, predictions);
  FeatureRows features;
  scorer.plan().apply(small_table(scorer.plan()), features);
  std::vector<float> logits(3);
  scorer.network().forward({3, features.numeric, features.categorical}, workspace.network, logits);
  for (std::size_t r = 0; r < 3; ++r) EXPECT_FLOAT_EQ(predictions[r], 100 + 10 * logits[r]);
}

TEST(Scorer, AnswersOnlyRowsThatTheNetworkCanCompute) {
  const Scorer scorer = small_scorer("binary");
  Scorer::Workspace workspace;
  std::vector<float> predicted;
  std::vector<float> answered;
  Table table = small_table(scorer.plan());
  scorer.predict(table, workspace, predicted);
  scorer.answer(table, workspace, answered);
  EXPECT_EQ(answered, predicted);
  for (const double x : {1e308, -1e308, 5e30}) {
    table = small_table(scorer.plan());
    table.columns[0].append_real(x);
    TextAppender(table.columns[1]).append("red");
    try {
      scorer.answer(table, workspace, answered);
      ADD_FAILURE() << x;
    } catch (const Error& error) {
      testing_support::expect_topic(error, Topic::kNumberTooLarge);
      EXPECT_EQ(error.message(), "row 4, column 'x': the number is too large for the model");
    }
  }
}

TEST(Scorer, TellsUnfitRowsApartAndAnswersTheOthers) {
  const Scorer scorer = small_scorer("binary");
  Scorer::Workspace workspace;
  Table table = small_table(scorer.plan());
  const std::size_t sound = table.rows();
  std::vector<float> expected;
  scorer.answer(table, workspace, expected);
  for (const double x : {1e308, 0.5, -5e30}) {
    table.columns[0].append_real(x);
    TextAppender(table.columns[1]).append("red");
  }
  std::vector<float> answers;
  std::vector<Scorer::UnfitRow> unfit;
  scorer.answer(table, workspace, answers, unfit);
  ASSERT_EQ(unfit.size(), 2U);
  EXPECT_EQ(unfit[0].row, sound);
  EXPECT_EQ(unfit[0].column, "x");
  EXPECT_EQ(unfit[1].row, sound + 2);
  ASSERT_EQ(answers.size(), sound + 3);
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), answers.begin()));
  EXPECT_TRUE(answers[sound + 1] > 0 && answers[sound + 1] < 1);
}

TEST(Scorer, ReusesItsWorkspaceForOtherBatches) {
  const Scorer scorer = small_scorer("binary");
  Scorer::Workspace workspace;
  std::vector<float> first;
  std::vector<float> second;
  scorer.predict(small_table(scorer.plan()), workspace, first);
  scorer.predict(make_table(scorer.plan().input_schema()), workspace, second);
  EXPECT_TRUE(second.empty());
  scorer.predict(small_table(scorer.plan()), workspace, second);
  EXPECT_EQ(first, second);
}

TEST(Scorer, RefusesANetworkThatDoesNotFitThePlan) {
  const NetworkSpec spec{Task::kBinary, 2, {}, {}, 1, Activation::kRelu, 0, false};
  EXPECT_THROW(Scorer(small_plan("binary"), Network(spec, initial_parameters(spec, 1))), Error);
}

}  // namespace
}  // namespace millrace
