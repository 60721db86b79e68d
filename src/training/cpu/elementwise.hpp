// What happens to a hidden layer's values between two matrix products, forwards and backwards.
#pragma once

#include <cstdint>
#include <span>

#include "model/network.hpp"

namespace millrace {

// values ← act(values), slopes ← act'(values): the backward pass needs nothing else of the layer.
void activate_with_slopes(Activation activation, std::span<float> values, std::span<float> slopes);

// Inverted dropout: N. Srivastava et al., "Dropout", JMLR 15, 2014, with the scaling in training. Unit u of
// layer l is kept or dropped by 16 bits of the counter-based stream of its row's key, so a mask depends
// neither on the batch nor on the rank. Applies to values and slopes alike (rows × width).
void drop_out(double share, std::uint32_t layer, std::span<const std::uint64_t> row_keys,
              std::span<float> values, std::span<float> slopes);

// delta ← delta ∘ slopes.
void multiply(std::span<float> delta, std::span<const float> slopes);

}  // namespace millrace
