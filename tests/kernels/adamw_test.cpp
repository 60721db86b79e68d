#include "kernels/adamw.hpp"

#include <limits>

#include "kernels/device.hpp"
#include "kernels/values.hpp"
#include "training/cpu/adamw.hpp"

namespace millrace {
namespace {

using namespace testing_support;

using AdamwKernels = KernelTest;

double device_squares(const std::vector<float>& gradient) {
  DeviceArray<float> device_gradient(gradient);
  DeviceArray<double> scratch(kernels::squared_norm_scratch(gradient.size()));
  DeviceArray<double> squares(1);
  kernels::squared_norm(gradient.size(), device_gradient.data(), scratch.data(), squares.data(), nullptr);
  (void)scratch.download();  // looks at the guards
  return squares.download()[0];
}

TEST_F(AdamwKernels, TheSquaredNormIsASumInDouble) {
  for (const std::size_t n : {0, 1, 31, 33, 1000, 4096, 4097, 50001}) {
    const std::vector<float> gradient = normal_floats(n, n);
    double expected = 0;
    for (const float value : gradient) expected += static_cast<double>(value) * static_cast<double>(value);
    const double squares = device_squares(gradient);
    EXPECT_NEAR(squares, expected, static_cast<double>(n) * 0x1p-53 * expected);
    EXPECT_EQ(squares, device_squares(gradient));
  }
}

NetworkSpec made_spec() {
  return {Task::kBinary, 9, {{5, 3}, {40, 7}}, {33, 16}, 1, Activation::kRelu, 0, true};
}

struct Update {
  AdamwSettings settings{0.9F, 0.999F, 1e-8F, 0.1F};
  float learning_rate = 0.01F;
  float clip = 0;
  float loss = 3;
  float weight = 50;
};

OptimizerState made_state(std::size_t n) {
  OptimizerState state{normal_floats(n, 1), normal_floats(n, 2), normal_floats(n, 3), 4};
  for (float& value : state.second_moment) value *= value;
  return state;
}

// As a host would: the corrections of the update that follows `updates` others.
kernels::AdamwStep make_step(const Update& update, std::uint64_t updates) {
  const auto t = static_cast<double>(updates + 1);
  const auto left = [&](float beta) { return 1 - std::pow(static_cast<double>(beta), t); };
  return {update.settings.beta1,
          update.settings.beta2,
          update.settings.epsilon,
          update.settings.weight_decay,
          update.learning_rate,
          static_cast<float>(1 / left(update.settings.beta1)),
          static_cast<float>(1 / std::sqrt(left(update.settings.beta2))),
          update.clip};
}

std::vector<std::uint8_t> decays_of(const ParameterLayout& layout) {
  std::vector<std::uint8_t> decays(layout.size() / 16);
  for (const ParameterSlice& slice : layout.slices()) {
    if (slice.decay) std::fill_n(decays.begin() + slice.offset / 16, (slice.size() + 15) / 16, 1);
  }
  return decays;
}

struct Updated {
  OptimizerState state;
  std::vector<Bfloat16> low;
};

Updated on_device(const ParameterLayout& layout, const Update& update, const std::vector<float>& gradient,
                  const OptimizerState& before, bool with_low = true) {
  DeviceArray<float> parameters(before.parameters);
  DeviceArray<float> first(before.first_moment);
  DeviceArray<float> second(before.second_moment);
  DeviceArray<Bfloat16> low(layout.size());
  DeviceArray<float> device_gradient(gradient);
  DeviceArray<std::uint8_t> decays(decays_of(layout));
  DeviceArray<float> tail(std::vector<float>{update.loss, update.weight, 0});
  DeviceArray<double> squares(std::vector<double>{device_squares(gradient)});
  kernels::adamw_update(
      layout.size(), make_step(update, before.updates), device_gradient.data(), tail.data(),
      update.clip > 0 ? squares.data() : nullptr,
      {parameters.data(), first.data(), second.data(), decays.data(), with_low ? low.data() : nullptr},
      nullptr);
  return {{parameters.download(), first.download(), second.download(), before.updates + 1}, low.download()};
}

OptimizerState on_cpu(const ParameterLayout& layout, const Update& update, const std::vector<float>& gradient,
                      OptimizerState state) {
  float scale = update.weight > 0 ? static_cast<float>(1 / static_cast<double>(update.weight)) : 0;
  scale *= clip_factor(gradient, scale, update.clip);
  adamw_update(update.settings, layout, gradient, scale, update.learning_rate, state);
  return state;
}

// Both sides round the same formula, with or without fused multiply-adds. With u = 2⁻²⁴, for each side: m has
// 3 roundings of terms of at most M = |m before| + |m after|, v has 3 relative ones. The norm's sums may
// differ in their order, which can move the factor of clipping, and so d, by 2u. So m differs by 6u·M + 2u·M,
// v by 6u·v + 4u·v. The direction adds half of v's error for the root and 5 roundings a side: all in all
// 22u·D of D = M·c₁/(√v·c₂), and the step 6u of that and 4u of the parameter.
void expect_like_cpu(const ParameterLayout& layout, const Update& update,
                     const std::vector<float>& gradient) {
  const OptimizerState before = made_state(layout.size());
  const OptimizerState expected = on_cpu(layout, update, gradient, before);
  const Updated result = on_device(layout, update, gradient, before);
  const kernels::AdamwStep step = make_step(update, before.updates);
  const auto correction = static_cast<double>(step.first_correction / step.root_correction);
  for (const ParameterSlice& slice : layout.slices()) {
    for (std::size_t i = slice.offset; i < slice.offset + slice.size(); ++i) {
      const double m = std::abs(before.first_moment[i]) + std::abs(expected.first_moment[i]);
      const double v = static_cast<double>(expected.second_moment[i]);
      const double direction = m * correction / std::sqrt(v);
      ASSERT_NEAR(result.state.first_moment[i], expected.first_moment[i], 8 * kFloatRounding * m);
      ASSERT_NEAR(result.state.second_moment[i], v, 10 * kFloatRounding * v);
      ASSERT_NEAR(result.state.parameters[i], expected.parameters[i],
                  4 * kFloatRounding * std::abs(before.parameters[i]) +
                      28 * kFloatRounding * static_cast<double>(update.learning_rate) * direction);
    }
  }
  EXPECT_TRUE(same_bits(result.low, rounded<Bfloat16>(result.state.parameters)));
}

TEST_F(AdamwKernels, AnUpdateIsTheCpus) {
  const ParameterLayout layout(made_spec());
  const std::vector<float> gradient = normal_floats(layout.size(), 9);
  expect_like_cpu(layout, {}, gradient);
  for (const float clip : {1e-3F, 0.1F, 1e3F}) {
    Update update;
    update.clip = clip;
    expect_like_cpu(layout, update, gradient);
  }
}

TEST_F(AdamwKernels, WithoutWeightsTheGradientCountsAsZero) {
  const ParameterLayout layout(made_spec());
  Update update;
  update.weight = 0;
  expect_like_cpu(layout, update, normal_floats(layout.size(), 9));
}

TEST_F(AdamwKernels, WhereTheLossIsNoNumberNothingChanges) {
  const ParameterLayout layout(made_spec());
  const OptimizerState before = made_state(layout.size());
  const Updated untouched{before, DeviceArray<Bfloat16>(layout.size()).download()};
  for (const float loss :
       {NAN, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    Update update;
    update.loss = loss;
    const Updated after = on_device(layout, update, normal_floats(layout.size(), 9), before);
    EXPECT_TRUE(same_bits(after.state.parameters, before.parameters));
    EXPECT_TRUE(same_bits(after.state.first_moment, before.first_moment));
    EXPECT_TRUE(same_bits(after.state.second_moment, before.second_moment));
    EXPECT_TRUE(same_bits(after.low, untouched.low));
  }
}

TEST_F(AdamwKernels, TheRoundedCopyMayBeLeftOut) {
  const ParameterLayout layout(made_spec());
  const std::vector<float> gradient = normal_floats(layout.size(), 9);
  const OptimizerState before = made_state(layout.size());
  const Updated with = on_device(layout, {}, gradient, before, true);
  const Updated without = on_device(layout, {}, gradient, before, false);
  EXPECT_TRUE(same_bits(with.state.parameters, without.state.parameters));
}

TEST_F(AdamwKernels, NothingIsUpdatedInAnEmptyBuffer) {
  EXPECT_NO_THROW(kernels::adamw_update(0, {}, nullptr, nullptr, nullptr, {}, nullptr));
}

}  // namespace
}  // namespace millrace
