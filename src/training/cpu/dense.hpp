// The three matrix products of a dense layer, on OpenBLAS. Everything is row-major; W is [out × in].
#pragma once

#include <cstddef>
#include <span>

#include "training/dense_shape.hpp"

namespace millrace {

// Sets each row of `to` to the bias.
void fill_with_bias(const float* bias, std::size_t rows, std::size_t out, float* to);
// to[rows × out] += from[rows × in] · Wᵀ.
void add_forward(const DenseShape& shape, const float* from, const float* weight, float* to);
// gradient[out × in] += deltaᵀ · from; the delta is ∂loss/∂(layer's output), [rows × out].
void add_weight_gradient(const DenseShape& shape, const float* delta, const float* from, float* gradient);
// gradient[out] += column sums of the delta.
void add_bias_gradient(const DenseShape& shape, const float* delta, float* gradient);
// to[rows × (in − first)] = keep · to + delta · W[:, first:]: the delta of the inputs from `first` on.
void input_delta(const DenseShape& shape, const float* delta, const float* weight, std::size_t first,
                 float keep, float* to);

}  // namespace millrace
