#include <cmath>

#include "kernels/hidden.hpp"
#include "kernels/octet.cuh"
#include "kernels/philox.cuh"

namespace millrace::kernels {

namespace {

struct ValueAndSlope {
  float value;
  float slope;
};

template <Activation kActivation>
__device__ ValueAndSlope activated(float x) {
  if constexpr (kActivation == Activation::kRelu) {
    return {x < 0 ? 0 : x, x > 0 ? 1.0F : 0.0F};  // keeps a NaN
  } else if constexpr (kActivation == Activation::kGelu) {
    // x·Φ(x), exact form: D. Hendrycks, K. Gimpel, "Gaussian error linear units", 2016.
    constexpr float kInverseSqrt2 = 0.70710678F;
    constexpr float kInverseSqrt2Pi = 0.39894228F;
    const float phi = 0.5F * (1 + erff(x * kInverseSqrt2));
    return {x * phi, phi + x * kInverseSqrt2Pi * expf(-0.5F * x * x)};
  } else {
    const float y = tanhf(x);
    return {y, 1 - y * y};
  }
}

// The i-th octet of a matrix whose rows are cut into octets each for itself, as the masks of dropout are.
struct Place {
  std::size_t row;
  std::size_t unit;   // the first of the octet
  std::size_t index;  // of that unit in the matrix
  unsigned count;
};

__device__ Place place_of(std::size_t i, std::size_t width) {
  const std::size_t row = i / octets(width);
  const std::size_t unit = i % octets(width) * kOctet;
  return {row, unit, row * width + unit, octet_size(unit, width)};
}

// What dropout multiplies an octet by: one Philox block has 16 bits for each of its units.
__device__ Octet dropout_factors(const Dropout& dropout, const Place& place) {
  const PhiloxWords words = philox(dropout.row_keys[place.row], dropout.layer, place.unit / kOctet);
  Octet factors;
  for (unsigned k = 0; k < kOctet; ++k) {
    const std::uint32_t bits = (words.at[k / 2] >> (k % 2 * 16)) & 0xFFFFU;
    factors.at[k] = bits < dropout.threshold ? 0 : dropout.scale;
  }
  return factors;
}

__device__ void multiply(Octet& octet, const Octet& factors) {
  for (unsigned k = 0; k < kOctet; ++k) octet.at[k] *= factors.at[k];
}

template <Activation kActivation, class T>
__global__ void activate_kernel(std::size_t rows, std::size_t width, Dropout dropout, T* values, T* slopes) {
  for (std::size_t i = thread_index(); i < rows * octets(width); i += thread_count()) {
    const Place place = place_of(i, width);
    Octet value = load(values + place.index, place.count);
    Octet slope;
    for (unsigned k = 0; k < kOctet; ++k) {
      const ValueAndSlope result = activated<kActivation>(value.at[k]);
      value.at[k] = result.value;
      slope.at[k] = result.slope;
    }
    if (dropout.row_keys != nullptr) {
      const Octet factors = dropout_factors(dropout, place);
      multiply(value, factors);
      multiply(slope, factors);
    }
    store(value, place.count, values + place.index);
    if (slopes != nullptr) store(slope, place.count, slopes + place.index);
  }
}

template <class T>
__global__ void drop_out_kernel(std::size_t rows, std::size_t width, Dropout dropout, T* values) {
  for (std::size_t i = thread_index(); i < rows * octets(width); i += thread_count()) {
    const Place place = place_of(i, width);
    Octet value = load(values + place.index, place.count);
    multiply(value, dropout_factors(dropout, place));
    store(value, place.count, values + place.index);
  }
}

template <class T>
__global__ void multiply_kernel(std::size_t n, const T* slopes, T* delta) {
  for (std::size_t i = thread_index(); i < octets(n); i += thread_count()) {
    const unsigned count = octet_size(i * kOctet, n);
    Octet product = load(delta + i * kOctet, count);
    multiply(product, load(slopes + i * kOctet, count));
    store(product, count, delta + i * kOctet);
  }
}

template <class T>
__global__ void multiply_relu_kernel(std::size_t n, const T* values, float scale, T* delta) {
  for (std::size_t i = thread_index(); i < octets(n); i += thread_count()) {
    const unsigned count = octet_size(i * kOctet, n);
    const Octet value = load(values + i * kOctet, count);
    Octet product = load(delta + i * kOctet, count);
    for (unsigned k = 0; k < kOctet; ++k) product.at[k] = value.at[k] > 0 ? product.at[k] * scale : 0;
    store(product, count, delta + i * kOctet);
  }
}

template <class T>
auto activation_kernel(Activation activation) {
  switch (activation) {
    case Activation::kRelu:
      return &activate_kernel<Activation::kRelu, T>;
    case Activation::kGelu:
      return &activate_kernel<Activation::kGelu, T>;
    case Activation::kTanh:
      return &activate_kernel<Activation::kTanh, T>;
  }
  return &activate_kernel<Activation::kRelu, T>;
}

}  // namespace

Dropout make_dropout(double share, std::uint32_t layer, const std::uint64_t* row_keys) {
  if (share <= 0) return {};
  const auto threshold = static_cast<std::uint32_t>(std::min(std::lround(share * 65536), 65535L));
  return {row_keys, layer, threshold, 65536.0F / static_cast<float>(65536 - threshold)};
}

template <class T>
void activate(Activation activation, std::size_t rows, std::size_t width, const Dropout& dropout, T* values,
              T* slopes, StreamView stream) {
  if (dropout.row_keys == nullptr && rows > 1) {  // then rows do not matter, and no octet need be cut short
    return activate(activation, 1, rows * width, dropout, values, slopes, stream);
  }
  launch(activation_kernel<T>(activation), blocks_for(rows * octets(width)), kThreads, stream, rows, width,
         dropout, values, slopes);
}
template void activate(Activation, std::size_t, std::size_t, const Dropout&, float*, float*, StreamView);
template void activate(Activation, std::size_t, std::size_t, const Dropout&, Bfloat16*, Bfloat16*,
                       StreamView);

template <class T>
void multiply_by_slopes(std::size_t n, const T* slopes, T* delta, StreamView stream) {
  launch(multiply_kernel<T>, blocks_for(octets(n)), kThreads, stream, n, slopes, delta);
}
template void multiply_by_slopes(std::size_t, const float*, float*, StreamView);
template void multiply_by_slopes(std::size_t, const Bfloat16*, Bfloat16*, StreamView);

template <class T>
void multiply_by_relu_slopes(std::size_t n, const T* values, float scale, T* delta, StreamView stream) {
  launch(multiply_relu_kernel<T>, blocks_for(octets(n)), kThreads, stream, n, values, scale, delta);
}
template void multiply_by_relu_slopes(std::size_t, const float*, float, float*, StreamView);
template void multiply_by_relu_slopes(std::size_t, const Bfloat16*, float, Bfloat16*, StreamView);

template <class T>
void drop_out(std::size_t rows, std::size_t width, const Dropout& dropout, T* values, StreamView stream) {
  if (dropout.row_keys == nullptr) return;
  launch(drop_out_kernel<T>, blocks_for(rows * octets(width)), kThreads, stream, rows, width, dropout,
         values);
}
template void drop_out(std::size_t, std::size_t, const Dropout&, float*, StreamView);
template void drop_out(std::size_t, std::size_t, const Dropout&, Bfloat16*, StreamView);

}  // namespace millrace::kernels
