// Activation functions written so that compilers vectorise them: no branches, no library calls. Shared by the
// forward pass here and the gradients in training/.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>

#include "model/network.hpp"

namespace millrace {

// e^x by 2^n · e^r, |r| <= ln2/2, with the Taylor polynomial of degree 7: relative error below 2e-7;
// saturates outside [-87, 88].
inline float fast_exp(float x) {
  constexpr float kLog2e = 1.44269504F;
  constexpr float kLn2High = 0.693359375F;  // few bits: n · kLn2High is exact
  constexpr float kLn2Low = -2.12194440e-4F;
  constexpr float kRound = 0x1.8p23F;  // a sum with it is rounded to an integer, which its lowest bits hold
  x = std::min(std::max(x, -87.0F), 88.0F);
  const float rounded = x * kLog2e + kRound;
  const float n = rounded - kRound;
  const float r = (x - n * kLn2High) - n * kLn2Low;
  float p = 1.0F / 5040;
  p = p * r + 1.0F / 720;
  p = p * r + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  const auto power = (std::bit_cast<std::uint32_t>(rounded) + 127U) << 23U;
  return p * std::bit_cast<float>(power);
}

inline float relu(float x) {
  return x < 0 ? 0 : x;  // keeps a NaN
}

// tanh: its series to x⁹ near 0, where 1 − 2/(e²ˣ + 1) would cancel.
inline float fast_tanh(float x) {
  const float square = x * x;
  const float series =
      x *
      (1 + square * (-1.0F / 3 + square * (2.0F / 15 + square * (-17.0F / 315 + square * (62.0F / 2835)))));
  const float far = 1 - 2 / (fast_exp(2 * x) + 1);
  return square < 0.0625F ? series : far;
}

// erf with an absolute error below 5e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
inline float fast_erf(float x) {
  const float magnitude = std::abs(x);
  const float t = 1 / (1 + 0.3275911F * magnitude);
  const float p =
      t * (0.254829592F + t * (-0.284496736F + t * (1.421413741F + t * (-1.453152027F + t * 1.061405429F))));
  return std::copysign(1 - p * fast_exp(-magnitude * magnitude), x);
}

// x·Φ(x), exact form: D. Hendrycks, K. Gimpel, "Gaussian error linear units", 2016.
inline float gelu(float x) {
  return 0.5F * x * (1 + fast_erf(x * 0.70710678F));
}
// Φ(x) + x·φ(x).
inline float gelu_derivative(float x) {
  constexpr float kInverseSqrt2Pi = 0.39894228F;
  return 0.5F * (1 + fast_erf(x * 0.70710678F)) + x * kInverseSqrt2Pi * fast_exp(-0.5F * x * x);
}

// In place.
void activate(Activation activation, std::span<float> values);

}  // namespace millrace
