// The small parts of a dense layer beside its matrix products.
#pragma once

#include "kernels/types.hpp"

namespace millrace::kernels {

// Sets each row of to[rows × width] to the bias[width].
void fill_with_bias(std::size_t rows, std::size_t width, const float* bias, float* to, StreamView stream);

// sums[width] = column sums of delta[rows × width]. `scratch` holds column_sums_scratch(rows, width) floats.
// T: float, Bfloat16; added in float.
std::size_t column_sums_scratch(std::size_t rows, std::size_t width);
template <class T>
void column_sums(std::size_t rows, std::size_t width, const T* delta, float* scratch, float* sums,
                 StreamView stream);

void to_bfloat16(std::size_t n, const float* from, Bfloat16* to, StreamView stream);

// to[i] += from[i].
void add(std::size_t n, const float* from, float* to, StreamView stream);

}  // namespace millrace::kernels
