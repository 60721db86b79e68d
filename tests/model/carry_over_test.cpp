// What a model has learned is kept for a plan with other levels.
#include "model/carry_over.hpp"

#include <array>

#include <gtest/gtest.h>

#include "config/pipeline_config.hpp"
#include "model/random_network.hpp"
#include "model/scorer.hpp"

namespace millrace {
namespace {

using testing_support::random_parameters;

FeaturePlan plan_of(std::vector<std::string> colours, std::vector<std::string> sizes) {
  FeaturePlan plan;
  plan.steps.push_back({"size", ColumnType::kText, OneHot{Vocabulary(std::move(sizes)), true, true}});
  plan.steps.push_back({"x", ColumnType::kReal, NumericTransform()});
  plan.steps.push_back({"x", ColumnType::kReal, Bins{{0, 5}, 2}});
  plan.steps.push_back({"colour", ColumnType::kText, Embedding{Vocabulary(std::move(colours)), 3}});
  plan.target.task = "binary";
  plan.target.classes = {"no", "yes"};
  return plan;
}

ModelConfig layers(std::vector<std::uint32_t> hidden, bool skip) {
  ModelConfig config;
  config.hidden = std::move(hidden);
  config.skip = skip;
  return config;
}

// Rows whose levels both plans know, or neither.
std::vector<float> predictions_of(const Scorer& scorer) {
  Table table = make_table(scorer.plan().input_schema());
  TextAppender sizes(table.columns[0]);
  TextAppender colours(table.columns[2]);
  for (int i = 0; i < 24; ++i) {
    sizes.append(std::array{"S", "M", "unheard of"}[i % 3]);
    table.columns[1].append_real(i - 8);
    colours.append(std::array{"red", "blue", "?", "red"}[i % 4]);
  }
  Scorer::Workspace workspace;
  std::vector<float> predictions;
  scorer.predict(table, workspace, predictions);
  return predictions;
}

TEST(CarryOver, AnswersAsBeforeWhereLevelsCameAndWent) {
  const FeaturePlan from = plan_of({"red", "gone", "blue"}, {"S", "L", "M"});
  const FeaturePlan to = plan_of({"blue", "red", "new"}, {"XS", "M", "S"});
  for (const ModelConfig& config :
       {layers({7, 4}, false), layers({7, 4}, true), layers({}, false), layers({}, true)}) {
    const NetworkSpec old = make_network_spec(from, config);
    const NetworkSpec spec = make_network_spec(to, config);
    const Network network(old, random_parameters(old, 3));
    const Scorer before(from, network);
    const Scorer after(to, Network(spec, carry_over(from, network, to, spec, 1)));
    const std::vector<float> expected = predictions_of(before);
    const std::vector<float> found = predictions_of(after);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      // The same terms in another order: a few roundings of float32 of sums below 100.
      EXPECT_NEAR(found[i], expected[i], 1e-5) << i << ", " << config.hidden.size() << config.skip;
    }
  }
}

TEST(CarryOver, IsTheSameNetworkForTheSamePlan) {
  const FeaturePlan plan = plan_of({"red", "blue"}, {"S"});
  const NetworkSpec spec = make_network_spec(plan, layers({5}, true));
  const Network network(spec, random_parameters(spec, 2));
  const std::vector<float> carried = carry_over(plan, network, plan, spec, 9);
  const ParameterLayout layout(spec);
  for (const ParameterSlice& slice : layout.slices()) {
    for (std::size_t i = slice.offset; i < slice.offset + slice.size(); ++i)
      EXPECT_EQ(carried[i], network.parameters()[i]) << slice.name;
  }
}

TEST(CarryOver, NewLevelsBeginAsInAnUntrainedNetwork) {
  const FeaturePlan from = plan_of({"red"}, {"S"});
  const FeaturePlan to = plan_of({"red", "new"}, {"S", "new"});
  const NetworkSpec old = make_network_spec(from, layers({5}, false));
  const NetworkSpec spec = make_network_spec(to, layers({5}, false));
  const std::vector<float> untrained = initial_parameters(spec, 4);
  const std::vector<float> carried = carry_over(from, Network(old, random_parameters(old, 2)), to, spec, 4);
  const ParameterSlice table = ParameterLayout(spec)["embedding.1"];
  ASSERT_EQ(table.rows, 4U);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t of_new = table.offset + 3 * table.columns + i;
    EXPECT_EQ(carried[of_new], untrained[of_new]);
    EXPECT_NE(carried[of_new - table.columns], untrained[of_new - table.columns]);
  }
}

TEST(CarryOver, SaysWhatStandsInTheWay) {
  const FeaturePlan plan = plan_of({"red"}, {"S"});
  const NetworkSpec spec = make_network_spec(plan, layers({5}, false));
  const auto obstacle = [&](const ModelConfig& config) {
    return obstacle_to_carrying(plan, spec, plan, make_network_spec(plan, config));
  };
  EXPECT_EQ(obstacle(layers({5}, false)), "");
  EXPECT_EQ(obstacle(layers({6}, false)), "its hidden layers have other units");
  EXPECT_EQ(obstacle(layers({5}, true)), "one has a linear path, the other none");
  ModelConfig tanh = layers({5}, false);
  tanh.activation = "tanh";
  EXPECT_EQ(obstacle(tanh), "its activation is another");
  FeaturePlan wider = plan;
  std::get<Embedding>(wider.steps[3].transform).dimension = 4;
  EXPECT_EQ(obstacle_to_carrying(plan, spec, wider, make_network_spec(wider, layers({5}, false))),
            "'colour' has an embedding of another dimension");
  const NetworkSpec other = make_network_spec(plan, layers({6}, false));
  EXPECT_THROW(carry_over(plan, Network(spec, random_parameters(spec, 1)), plan, other, 1), Error);
}

}  // namespace
}  // namespace millrace
