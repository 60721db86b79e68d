#include "training/cpu/adamw.hpp"

#include <array>
#include <cmath>
#include <numeric>

namespace millrace {

void adamw_update(const AdamwSettings& settings, const ParameterLayout& layout,
                  std::span<const float> gradient, float scale, float learning_rate, OptimizerState& state) {
  const BiasCorrection c = bias_correction(settings, ++state.updates);
  for (const ParameterSlice& slice : layout.slices()) {
    const float* g = gradient.data() + slice.offset;
    float* p = state.parameters.data() + slice.offset;
    float* m = state.first_moment.data() + slice.offset;
    float* v = state.second_moment.data() + slice.offset;
    const float decay = slice.decay ? settings.weight_decay : 0;
    const std::size_t size = slice.size();
    for (std::size_t i = 0; i < size; ++i) {
      const float d = g[i] * scale;
      m[i] = settings.beta1 * m[i] + (1 - settings.beta1) * d;
      v[i] = settings.beta2 * v[i] + (1 - settings.beta2) * d * d;
      const float direction = m[i] * c.first / (std::sqrt(v[i]) * c.root + settings.epsilon);
      p[i] -= learning_rate * (direction + decay * p[i]);
    }
  }
}

float clip_factor(std::span<const float> gradient, float scale, double limit) {
  if (limit <= 0) return 1;
  std::array<double, 16> sums{};  // independent, so that they fill vectors
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const auto value = static_cast<double>(gradient[i]);
    sums[i % sums.size()] += value * value;
  }
  const double norm = scale * std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
  return norm > limit ? static_cast<float>(limit / norm) : 1;
}

}  // namespace millrace
