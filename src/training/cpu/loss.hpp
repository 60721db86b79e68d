// Losses of logits and their gradients, summed over rows with the rows' weights.
//   binary       −y·log σ(z) − (1 − y)·log(1 − σ(z))
//   multiclass   −log softmax(z)[y]
//   regression   (z − y)², on the scaled target
#pragma once

#include <span>

#include "model/network.hpp"
#include "training/backend.hpp"

namespace millrace {

// In place: logits (rows × outputs) become weight · ∂loss/∂logits.
LossSums loss_and_delta(Task task, std::size_t outputs, std::span<float> logits,
                        std::span<const float> target, std::span<const float> weight);

}  // namespace millrace
