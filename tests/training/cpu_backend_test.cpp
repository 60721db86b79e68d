#include "training/cpu/cpu_backend.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "training/cpu/blas_kernels.hpp"
#include "training/made_batch.hpp"

namespace millrace {
namespace {

using testing_support::made_batch;
using testing_support::random_parameters;
using testing_support::RandomBatch;
using testing_support::specs;
using testing_support::state_of;

// The loss with parameter `index` moved by `step`. Dropout applies: the masks are functions of the keys.
double loss_at(CpuBackend& backend, OptimizerState state, std::size_t index, float step, const Batch& batch) {
  state.parameters[index] += step;
  backend.load(state);
  std::vector<float> ignored(state.parameters.size());
  return backend.accumulate_gradient(batch, ignored).loss;
}

TEST(CpuBackend, GradientsAreTheLossesFiniteDifferences) {
  for (const NetworkSpec& spec : specs()) {
    CpuBackend backend(spec, TrainingConfig{});
    const OptimizerState state = state_of(spec, 11);
    const Batch batch = made_batch(spec, 9, 5);
    backend.load(state);
    std::vector<float> gradient(state.parameters.size());
    backend.accumulate_gradient(batch, gradient);
    int far = 0;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      constexpr float kStep = 4e-3F;
      const double difference =
          (loss_at(backend, state, i, kStep, batch) - loss_at(backend, state, i, -kStep, batch)) /
          (2.0 * kStep);
      // A ReLU's kink within the step makes a difference wrong now and then.
      if (std::abs(gradient[i] - difference) > 4e-3 * (1 + std::abs(difference))) ++far;
    }
    EXPECT_LE(far, spec.activation == Activation::kRelu ? 3 : 0) << Json(spec).dump();
  }
}

TEST(BlasKernels, AreNotTheFallbackWhereTheProcessorHasMore) {
  prefer_fast_blas_kernels();
#ifdef __AVX2__  // these tests were built for it, so it is there
  EXPECT_NE(blas_kernels(), "Prescott");
#endif
}

TEST(CpuBackend, GradientsOfPartsAddUp) {
  for (const NetworkSpec& spec : specs()) {
    CpuBackend backend(spec, TrainingConfig{});
    backend.load(state_of(spec, 2));
    std::vector<float> whole(ParameterLayout(spec).size());
    const Batch batch = made_batch(spec, 1, 3);
    const LossSums once = backend.accumulate_gradient(batch, whole);
    std::vector<float> twice(whole.size());
    backend.accumulate_gradient(batch, twice);
    const LossSums again = backend.accumulate_gradient(batch, twice);
    backend.accumulate_gradient(Batch{}, twice);
    EXPECT_EQ(once.loss, again.loss);
    for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_FLOAT_EQ(twice[i], 2 * whole[i]);
  }
}

TEST(CpuBackend, PredictsWhatTheNetworkPredicts) {
  for (const NetworkSpec& spec : specs()) {
    const Network network(spec, random_parameters(spec, 4));
    CpuBackend backend(spec, TrainingConfig{});
    backend.load(state_of(spec, 4));
    for (const std::size_t rows : {0U, 1U, 31U, 257U}) {
      const RandomBatch batch(spec, rows, 6);
      std::vector<float> expected(rows * spec.n_outputs);
      std::vector<float> logits(expected.size(), NAN);
      Network::Workspace workspace;
      network.forward(batch.view(), workspace, expected);
      backend.predict(batch.view(), logits);
      for (std::size_t i = 0; i < logits.size(); ++i) {
        EXPECT_NEAR(logits[i], expected[i], 1e-5 * (1 + std::abs(expected[i])));
      }
    }
  }
}

TEST(CpuBackend, DropoutKeepsTheExpectationAndLeavesEvaluationAlone) {
  NetworkSpec spec{Task::kRegression, 1, {}, {4096}, 1, Activation::kRelu, 0.3, false};
  OptimizerState state = state_of(spec, 1);
  const ParameterLayout layout(spec);
  std::ranges::fill(state.parameters, 0.0F);
  for (std::size_t u = 0; u < 4096; ++u) {
    state.parameters[layout["hidden.0.bias"].offset + u] = 1;
    state.parameters[layout["output.weight"].offset + u] = 1.0F / 4096;
  }
  CpuBackend backend(spec, TrainingConfig{});
  backend.load(state);
  Batch batch{1, {0}, {}, {0}, {1}, {7}};
  EXPECT_FLOAT_EQ(static_cast<float>(backend.evaluate(batch).loss), 1);
  std::vector<float> gradient(layout.size());
  EXPECT_NEAR(backend.accumulate_gradient(batch, gradient).loss, 1, 0.1);
  std::size_t dropped = 0;
  for (std::size_t u = 0; u < 4096; ++u) dropped += gradient[layout["output.weight"].offset + u] == 0 ? 1 : 0;
  EXPECT_NEAR(static_cast<double>(dropped) / 4096, 0.3, 0.03);
  const float kept_loss = static_cast<float>(backend.accumulate_gradient(batch, gradient).loss);
  batch.dropout_key[0] = 8;
  EXPECT_NE(static_cast<float>(backend.accumulate_gradient(batch, gradient).loss), kept_loss);
}

TEST(CpuBackend, LossesOfExtremeLogitsAreFiniteAndExact) {
  const NetworkSpec spec{Task::kBinary, 1, {}, {}, 1, Activation::kRelu, 0, false};
  OptimizerState state = state_of(spec, 1);
  std::ranges::fill(state.parameters, 0.0F);
  state.parameters[0] = 200;
  CpuBackend backend(spec, TrainingConfig{});
  backend.load(state);
  EXPECT_FLOAT_EQ(static_cast<float>(backend.evaluate({1, {1}, {}, {0}, {1}, {}}).loss), 200);
  EXPECT_EQ(backend.evaluate({1, {1}, {}, {1}, {1}, {}}).loss, 0);
  EXPECT_TRUE(std::isnan(backend.evaluate({1, {NAN}, {}, {1}, {1}, {}}).loss));
}

TEST(Adamw, FollowsItsDefinitionInDoubles) {
  const NetworkSpec spec{Task::kBinary, 2, {{3, 2}}, {2}, 1, Activation::kRelu, 0, false};
  TrainingConfig config;
  config.weight_decay = 0.1;
  CpuBackend backend(spec, config);
  OptimizerState state = state_of(spec, 8);
  backend.load(state);
  const ParameterLayout layout(spec);
  std::vector<double> p(state.parameters.begin(), state.parameters.end());
  std::vector<double> m(p.size());
  std::vector<double> v(p.size());
  for (int t = 1; t <= 5; ++t) {
    std::vector<float> gradient(p.size());
    CounterRandom random(static_cast<std::uint64_t>(t));
    for (const ParameterSlice& slice : layout.slices()) {
      for (std::size_t i = slice.offset; i < slice.offset + slice.size(); ++i) {
        gradient[i] = static_cast<float>(random.normal());
        const double g = 0.5 * gradient[i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        const double m_hat = m[i] / (1 - std::pow(0.9, t));
        const double v_hat = v[i] / (1 - std::pow(0.999, t));
        p[i] -= 0.01 * (m_hat / (std::sqrt(v_hat) + 1e-8) + (slice.decay ? 0.1 * p[i] : 0));
      }
    }
    backend.apply_update(gradient, 0.5, 0.01F);
  }
  backend.store(state);
  EXPECT_EQ(state.updates, 5U);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(state.parameters[i], p[i], 2e-6);
}

TEST(Adamw, ClipsTheGlobalNormOfTheScaledGradient) {
  const std::vector<float> gradient{30, 0, 40};
  EXPECT_EQ(clip_factor(gradient, 0.1F, 0), 1);
  EXPECT_EQ(clip_factor(gradient, 0.1F, 6), 1);
  EXPECT_FLOAT_EQ(clip_factor(gradient, 0.1F, 1), 0.2F);
}

}  // namespace
}  // namespace millrace
