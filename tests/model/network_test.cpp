#include "model/network.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "model/random_network.hpp"

namespace millrace {
namespace {

using testing_support::random_parameters;
using testing_support::RandomBatch;

double act(Activation activation, double x) {
  switch (activation) {
    case Activation::kRelu:
      return std::max(x, 0.0);
    case Activation::kGelu:
      return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
    case Activation::kTanh:
      return std::tanh(x);
  }
  return 0;
}

// The definition, in doubles, one row.
class Definition {
 public:
  Definition(const NetworkSpec& spec, const std::vector<float>& parameters)
      : spec_(spec), layout_(spec), parameters_(parameters) {}

  [[nodiscard]] std::vector<double> logits(const BatchView& row) const {
    std::vector<double> input(row.numeric.begin(), row.numeric.end());
    for (std::size_t t = 0; t < spec_.embeddings.size(); ++t) {
      const ParameterSlice& table = layout_[fmt::format("embedding.{}", t)];
      for (std::uint32_t d = 0; d < table.columns; ++d) {
        input.push_back(parameters_[table.offset + row.categorical[t] * table.columns + d]);
      }
    }
    std::vector<double> x = input;
    for (std::size_t i = 0; i < spec_.hidden.size(); ++i) {
      x = dense(fmt::format("hidden.{}", i), x, true);
      for (double& value : x) value = act(spec_.activation, value);
    }
    x = dense("output", x, true);
    if (!spec_.skip) return x;
    const std::vector<double> direct = dense("skip", input, false);
    for (std::size_t o = 0; o < x.size(); ++o) x[o] += direct[o];
    return x;
  }

 private:
  [[nodiscard]] std::vector<double> dense(const std::string& name, const std::vector<double>& x,
                                          bool bias) const {
    const ParameterSlice& weight = layout_[name + ".weight"];
    std::vector<double> y(weight.rows);
    for (std::uint32_t o = 0; o < weight.rows; ++o) {
      if (bias) y[o] = parameters_[layout_[name + ".bias"].offset + o];
      for (std::uint32_t i = 0; i < weight.columns; ++i) {
        y[o] += x[i] * parameters_[weight.offset + o * weight.columns + i];
      }
    }
    return y;
  }

  NetworkSpec spec_;
  ParameterLayout layout_;
  std::vector<float> parameters_;
};

// Odd sizes, no hidden layer, no numeric input, many layers.
std::vector<NetworkSpec> specs() {
  return {
      {Task::kBinary, 1, {}, {}, 1, Activation::kRelu, 0, false},
      {Task::kBinary, 7, {{5, 3}, {1, 1}}, {17}, 1, Activation::kRelu, 0, true},
      {Task::kMulticlass, 0, {{9, 4}}, {33, 16, 5}, 19, Activation::kGelu, 0, false},
      {Task::kRegression, 31, {}, {64, 100}, 1, Activation::kTanh, 0, true},
      {Task::kMulticlass, 3, {}, {1}, 3, Activation::kTanh, 0, true},
  };
}

TEST(Network, ComputesItsDefinition) {
  for (const NetworkSpec& spec : specs()) {
    const auto parameters = random_parameters(spec, 1);
    const Network network(spec, parameters);
    const Definition definition(spec, parameters);
    const RandomBatch batch(spec, 131, 2);
    Network::Workspace workspace;
    std::vector<float> logits(batch.rows * spec.n_outputs, NAN);
    network.forward(batch.view(), workspace, logits);
    for (std::size_t r = 0; r < batch.rows; ++r) {
      const auto expected = definition.logits(batch.row(spec, r));
      for (std::size_t o = 0; o < spec.n_outputs; ++o) {
        EXPECT_NEAR(logits[r * spec.n_outputs + o], expected[o], 1e-5 * (1 + std::abs(expected[o])));
      }
    }
  }
}

TEST(Network, ARowsLogitsDoNotDependOnItsBatch) {
  for (const NetworkSpec& spec : specs()) {
    const Network network(spec, random_parameters(spec, 3));
    const RandomBatch batch(spec, 71, 4);
    Network::Workspace workspace;
    std::vector<float> together(batch.rows * spec.n_outputs);
    network.forward(batch.view(), workspace, together);
    std::vector<float> alone(spec.n_outputs);
    for (std::size_t r = 0; r < batch.rows; ++r) {
      network.forward(batch.row(spec, r), workspace, alone);
      for (std::size_t o = 0; o < spec.n_outputs; ++o) EXPECT_EQ(alone[o], together[r * spec.n_outputs + o]);
    }
  }
}

TEST(Network, TakesAnEmptyBatchAndRefusesSizesThatDoNotFit) {
  const NetworkSpec spec = specs()[1];
  const Network network(spec, initial_parameters(spec, 1));
  Network::Workspace workspace;
  network.forward({}, workspace, {});
  std::vector<float> logits(1);
  const RandomBatch batch(spec, 2, 1);
  EXPECT_THROW(network.forward(batch.view(), workspace, logits), Error);
  EXPECT_THROW(Network(spec, std::vector<float>(3)), Error);
}

TEST(NetworkSpec, ReadsBackFromJson) {
  for (const NetworkSpec& spec : specs()) {
    const Json json = spec;
    EXPECT_EQ(Json(json.get<NetworkSpec>()), json);
  }
  EXPECT_THROW((void)Json({{"task", "binary"}}).get<NetworkSpec>(), Error);
  EXPECT_THROW(parse_activation("rellu"), Error);
}

TEST(ParameterLayout, SlicesAreAlignedAndDoNotOverlap) {
  for (const NetworkSpec& spec : specs()) {
    const ParameterLayout layout(spec);
    std::size_t end = 0;
    std::size_t count = 0;
    for (const ParameterSlice& slice : layout.slices()) {
      EXPECT_EQ(slice.offset % 16, 0U);
      EXPECT_GE(slice.offset, end);
      end = slice.offset + slice.size();
      count += slice.size();
    }
    EXPECT_LE(end, layout.size());
    EXPECT_EQ(count, layout.count());
  }
}

TEST(InitialParameters, AreAFunctionOfSpecAndSeedWithTheRightSpread) {
  const NetworkSpec spec{Task::kBinary, 400, {{50, 8}}, {300}, 1, Activation::kRelu, 0, false};
  const auto parameters = initial_parameters(spec, 5);
  EXPECT_EQ(parameters, initial_parameters(spec, 5));
  EXPECT_NE(parameters, initial_parameters(spec, 6));
  const ParameterSlice weight = ParameterLayout(spec)["hidden.0.weight"];
  double squares = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) squares += std::pow(parameters[weight.offset + i], 2);
  EXPECT_NEAR(squares / static_cast<double>(weight.size()), 2.0 / weight.columns, 0.02 * 2 / weight.columns);
}

TEST(Predictions, AreProbabilities) {
  std::vector<float> binary{-100, 0, 100};
  logits_to_predictions(Task::kBinary, 1, binary);
  EXPECT_EQ(binary, (std::vector<float>{binary[0], 0.5, 1}));
  EXPECT_LT(binary[0], 1e-30);
  std::vector<float> classes{1000, 1000, -1000, 0, 0, 0};
  logits_to_predictions(Task::kMulticlass, 3, classes);
  EXPECT_FLOAT_EQ(classes[0], 0.5);
  EXPECT_FLOAT_EQ(classes[3] + classes[4] + classes[5], 1);
  std::vector<float> numbers{-3, 7};
  logits_to_predictions(Task::kRegression, 1, numbers);
  EXPECT_EQ(numbers, (std::vector<float>{-3, 7}));
}

}  // namespace
}  // namespace millrace
