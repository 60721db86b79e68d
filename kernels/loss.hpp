// Losses of logits with their gradients, the device's version of training/cpu/loss.hpp (formulas there).
#pragma once

#include "kernels/types.hpp"
#include "model/kinds.hpp"

namespace millrace::kernels {

// In place: logits[rows × outputs] become weight · ∂loss/∂logits. losses[rows] = weight · loss.
void loss_and_delta(Task task, std::size_t rows, std::size_t outputs, const float* target,
                    const float* weight, float* logits, float* losses, StreamView stream);

// sums[0] = Σ losses, sums[1] = Σ weight over the rows, added in double in a fixed order.
void sum_losses(std::size_t rows, const float* losses, const float* weight, float* sums, StreamView stream);

}  // namespace millrace::kernels
