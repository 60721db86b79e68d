// One AdamW update over the whole flat buffer, the device's version of training/cpu/adamw.hpp (source there).
#pragma once

#include "kernels/types.hpp"

namespace millrace::kernels {

// [3] on the device: what rides behind a gradient: Σ weight · loss, Σ weight, and whether to stop (not looked
// at).
using StepTail = const float*;

// squares[0] = Σ gradient², in double, fixed order. `scratch` holds squared_norm_scratch(n) doubles.
std::size_t squared_norm_scratch(std::size_t n);
void squared_norm(std::size_t n, const float* gradient, double* scratch, double* squares, StreamView stream);

struct AdamwStep {
  float beta1 = 0.9F;
  float beta2 = 0.999F;
  float epsilon = 1e-8F;
  float weight_decay = 0;
  float learning_rate = 0;
  float first_correction = 1;  // 1 / (1 − β₁ᵗ)
  float root_correction = 1;   // 1 / √(1 − β₂ᵗ)
  float clip = 0;              // limit of the norm of the scaled gradient; 0: none
};

struct AdamwBuffers {
  float* parameters = nullptr;
  float* first_moment = nullptr;
  float* second_moment = nullptr;
  const std::uint8_t* decays = nullptr;  // [n / 16]: whether weight decay applies to these 16 parameters
  Bfloat16* low = nullptr;  // the updated parameters rounded, for matrix products; null: not wanted
};

// The gradient is divided by tail[1] (Σ weight; 0 counts as 'times 0'), clipped by squares[0] (null where
// clip is 0), and applied. A loss in tail[0] that is no finite number leaves everything as it is. n is a
// multiple of 16.
void adamw_update(std::size_t n, const AdamwStep& step, const float* gradient, StepTail tail,
                  const double* squares, const AdamwBuffers& buffers, StreamView stream);

}  // namespace millrace::kernels
