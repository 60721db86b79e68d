// What happens to a hidden layer's values between two matrix products, forwards and backwards: the device's
// version of training/cpu/elementwise.hpp.
#pragma once

#include "kernels/types.hpp"
#include "model/kinds.hpp"

namespace millrace::kernels {

// Inverted dropout by 16 bits of the counter-based stream of each row's key (base/random.hpp), unit u of
// layer l as on the CPU: the masks are the CPU's, bit for bit. A unit whose bits are below the threshold is
// dropped, others are scaled.
struct Dropout {
  const std::uint64_t* row_keys = nullptr;  // [rows]; null: no dropout
  std::uint32_t layer = 0;
  std::uint32_t threshold = 0;  // of 65,536
  float scale = 1;              // 65536 / (65536 − threshold)
};
// From the share of dropped units in [0, 1); host code, the same rounding as on the CPU. A share of 0 gives
// none.
Dropout make_dropout(double share, std::uint32_t layer, const std::uint64_t* row_keys);

// T: float, Bfloat16; arithmetic in float. values[rows × width]: in, the layer's sums; out, act(sums) with
// dropout. slopes[rows × width] = ∂values/∂sums, dropout included; null: not wanted.
template <class T>
void activate(Activation activation, std::size_t rows, std::size_t width, const Dropout& dropout, T* values,
              T* slopes, StreamView stream);

// delta ← delta ∘ slopes, n elements.
template <class T>
void multiply_by_slopes(std::size_t n, const T* slopes, T* delta, StreamView stream);

// For rectified layers, whose slope shows in their value: delta ← value > 0 ? delta · scale : 0.
template <class T>
void multiply_by_relu_slopes(std::size_t n, const T* values, float scale, T* delta, StreamView stream);

// values ← values with dropout: after a matrix product that has rectified its sums itself.
template <class T>
void drop_out(std::size_t rows, std::size_t width, const Dropout& dropout, T* values, StreamView stream);

}  // namespace millrace::kernels
