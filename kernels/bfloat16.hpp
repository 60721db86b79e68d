// Conversions by the bits alone, the same on host and device. Constant expressions, so that device code may
// call them (nvcc --expt-relaxed-constexpr).
#pragma once

#include <bit>

#include "kernels/types.hpp"

namespace millrace::kernels {

constexpr float to_float(float value) {
  return value;
}
constexpr float to_float(Bfloat16 value) {
  return std::bit_cast<float>(std::uint32_t{value.bits} << 16U);
}

template <class T>
constexpr T round_to(float value);

template <>
constexpr float round_to<float>(float value) {
  return value;
}

// To nearest, ties to even; what is too large becomes infinite. A NaN stays one: its highest bits, made
// quiet.
template <>
constexpr Bfloat16 round_to<Bfloat16>(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const bool is_nan = (bits & 0x7FFFFFFFU) > 0x7F800000U;
  const std::uint32_t rounded = is_nan ? bits | 0x00400000U : bits + 0x7FFFU + ((bits >> 16U) & 1U);
  return {static_cast<std::uint16_t>(rounded >> 16U)};
}

}  // namespace millrace::kernels
