#include "training/cpu/elementwise.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/random.hpp"
#include "model/activation.hpp"

namespace millrace {

namespace {

struct ValueAndSlope {
  float value;
  float slope;
};

template <class Function>
void for_each_value(std::span<float> values, std::span<float> slopes, Function function) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ValueAndSlope result = function(values[i]);
    values[i] = result.value;
    slopes[i] = result.slope;
  }
}

constexpr std::size_t kUnitsAtOnce = 8;  // one counter gives 128 bits

std::array<std::uint16_t, kUnitsAtOnce> unit_bits(std::uint64_t key, std::uint32_t layer, std::size_t index) {
  return std::bit_cast<std::array<std::uint16_t, kUnitsAtOnce>>(philox(key, layer, index));
}

}  // namespace

void activate_with_slopes(Activation activation, std::span<float> values, std::span<float> slopes) {
  switch (activation) {
    case Activation::kRelu:
      return for_each_value(values, slopes, [](float x) {
        return ValueAndSlope{relu(x), x > 0 ? 1.0F : 0.0F};
      });
    case Activation::kGelu:
      return for_each_value(values, slopes, [](float x) {
        return ValueAndSlope{gelu(x), gelu_derivative(x)};
      });
    case Activation::kTanh:
      return for_each_value(values, slopes, [](float x) {
        const float y = fast_tanh(x);
        return ValueAndSlope{y, 1 - y * y};
      });
  }
}

void drop_out(double share, std::uint32_t layer, std::span<const std::uint64_t> row_keys,
              std::span<float> values, std::span<float> slopes) {
  if (share <= 0 || row_keys.empty()) return;
  const auto threshold = static_cast<std::uint32_t>(std::lround(share * 65536));
  const float scale = 65536.0F / static_cast<float>(65536 - std::min(threshold, 65535U));
  const std::size_t width = values.size() / row_keys.size();
  for (std::size_t r = 0; r < row_keys.size(); ++r) {
    for (std::size_t u = 0; u < width; u += kUnitsAtOnce) {
      const auto bits = unit_bits(row_keys[r], layer, u / kUnitsAtOnce);
      const std::size_t end = std::min(kUnitsAtOnce, width - u);
      for (std::size_t i = 0; i < end; ++i) {
        const float factor = bits[i] < threshold ? 0 : scale;
        values[r * width + u + i] *= factor;
        slopes[r * width + u + i] *= factor;
      }
    }
  }
}

void multiply(std::span<float> delta, std::span<const float> slopes) {
  for (std::size_t i = 0; i < delta.size(); ++i) delta[i] *= slopes[i];
}

}  // namespace millrace
