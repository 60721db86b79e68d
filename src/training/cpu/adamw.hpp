// AdamW: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2, with the
// decay scaled by the learning rate. Weights decay; biases and embeddings do not.
#pragma once

#include <cmath>
#include <span>

#include "model/network.hpp"
#include "training/backend.hpp"

namespace millrace {

struct AdamwSettings {
  float beta1 = 0.9F;
  float beta2 = 0.999F;
  float epsilon = 1e-8F;
  float weight_decay = 0;
};

// A step's coefficients: m̂ = m · first, √v̂ = √v · root.
struct BiasCorrection {
  float first = 1;  // 1 / (1 − β₁ᵗ)
  float root = 1;   // 1 / √(1 − β₂ᵗ)
};
inline BiasCorrection bias_correction(const AdamwSettings& settings, std::uint64_t updates) {
  const auto t = static_cast<double>(updates);
  return {static_cast<float>(1 / (1 - std::pow(static_cast<double>(settings.beta1), t))),
          static_cast<float>(1 / std::sqrt(1 - std::pow(static_cast<double>(settings.beta2), t)))};
}

// One update with gradient · scale, in one pass over each slice.
void adamw_update(const AdamwSettings& settings, const ParameterLayout& layout,
                  std::span<const float> gradient, float scale, float learning_rate, OptimizerState& state);

// The factor that brings the norm of gradient · scale down to `limit`; 1 where it is not above it or limit is
// 0.
float clip_factor(std::span<const float> gradient, float scale, double limit);

}  // namespace millrace
