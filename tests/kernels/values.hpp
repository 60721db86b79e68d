// Made values, roundings and comparisons that the tests of kernels share.
#pragma once

#include <cmath>
#include <cstring>
#include <vector>

#include "base/random.hpp"
#include "kernels/bfloat16.hpp"

namespace millrace::testing_support {

using kernels::Bfloat16;

constexpr double kFloatRounding = 0x1p-24;  // the largest relative error of one rounding
constexpr double kBfloat16Rounding = 0x1p-8;

inline std::vector<float> normal_floats(std::size_t n, std::uint64_t seed) {
  CounterRandom random(seed);
  std::vector<float> values(n);
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

template <class T>
std::vector<T> rounded(const std::vector<float>& values) {
  std::vector<T> result;
  for (const float value : values) result.push_back(kernels::round_to<T>(value));
  return result;
}

template <class T>
std::vector<float> to_floats(const std::vector<T>& values) {
  std::vector<float> result;
  for (const T value : values) result.push_back(kernels::to_float(value));
  return result;
}

// Also where values are NaN, and not where 0 and −0 differ.
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

// A sum of terms, and how far n additions in whatever order may be from it: (n − 1) roundings of at most the
// sum of magnitudes (N. Higham, "Accuracy and stability of numerical algorithms", 2nd ed., 4.2).
struct ReferenceSum {
  double sum = 0;
  double magnitudes = 0;
  std::size_t terms = 0;

  void add(double term) {
    sum += term;
    magnitudes += std::abs(term);
    ++terms;
  }
  [[nodiscard]] double tolerance() const { return static_cast<double>(terms) * kFloatRounding * magnitudes; }
};

}  // namespace millrace::testing_support
