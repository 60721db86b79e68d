#include "model/activation.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(Activation, ExponentialIsExactToAFewRoundings) {
  for (double x = -87; x < 88; x += 0.00937) {
    EXPECT_NEAR(fast_exp(static_cast<float>(x)) / std::exp(static_cast<double>(static_cast<float>(x))), 1,
                4e-7)
        << x;
  }
  EXPECT_GT(fast_exp(-INFINITY), 0);
  EXPECT_LT(fast_exp(INFINITY), INFINITY);
}

TEST(Activation, TanhAndGeluFollowTheirDefinitions) {
  for (double x = -12; x < 12; x += 0.00171) {
    const auto single = static_cast<float>(x);
    const double exact = single;
    EXPECT_NEAR(fast_tanh(single), std::tanh(exact), 1e-6 * std::abs(std::tanh(exact))) << x;
    EXPECT_NEAR(gelu(single), 0.5 * exact * (1 + std::erf(exact / std::sqrt(2.0))),
                5e-7 * (1 + std::abs(exact)))
        << x;
  }
  EXPECT_EQ(fast_tanh(0), 0);
  EXPECT_EQ(fast_tanh(1e-20F), 1e-20F);
}

TEST(Activation, GeluDerivativeIsTheSlopeOfGelu) {
  for (double x = -6; x < 6; x += 0.0371) {
    const auto exact = [](double at) { return 0.5 * at * (1 + std::erf(at / std::sqrt(2.0))); };
    const double slope = (exact(x + 1e-5) - exact(x - 1e-5)) / 2e-5;
    EXPECT_NEAR(gelu_derivative(static_cast<float>(x)), slope, 2e-6) << x;
  }
}

TEST(Activation, NotANumberStaysVisible) {
  for (const Activation activation : {Activation::kRelu, Activation::kGelu, Activation::kTanh}) {
    std::vector<float> values{NAN};
    activate(activation, values);
    EXPECT_TRUE(std::isnan(values[0]));
  }
}

}  // namespace
}  // namespace millrace
