// AdamW: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2, with the
// decay scaled by the learning rate. Weights decay; biases and embeddings do not.
#pragma once

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

// One update with gradient · scale, in one pass over each slice.
void adamw_update(const AdamwSettings& settings, const ParameterLayout& layout,
                  std::span<const float> gradient, float scale, float learning_rate, OptimizerState& state);

// The factor that brings the norm of gradient · scale down to `limit`; 1 where it is not above it or limit is
// 0.
float clip_factor(std::span<const float> gradient, float scale, double limit);

}  // namespace millrace
