#include "training/cpu/elementwise.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

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
  const auto threshold = static_cast<std::uint32_t>(std::min(std::lround(share * 65536), 65535L));
  const float scale = 65536.0F / static_cast<float>(65536 - threshold);
  const std::size_t width = values.size() / row_keys.size();
  std::vector<std::uint32_t> bits((width + 1) / 2);  // 16 a unit, the lower half first
  std::vector<float> factors(2 * bits.size());
  for (std::size_t r = 0; r < row_keys.size(); ++r) {
    philox_fill(row_keys[r], layer, bits);
    for (std::size_t i = 0; i < bits.size(); ++i) {
      factors[2 * i] = (bits[i] & 0xFFFFU) < threshold ? 0 : scale;
      factors[2 * i + 1] = bits[i] >> 16U < threshold ? 0 : scale;
    }
    multiply(values.subspan(r * width, width), factors);
    multiply(slopes.subspan(r * width, width), factors);
  }
}

void multiply(std::span<float> delta, std::span<const float> slopes) {
  for (std::size_t i = 0; i < delta.size(); ++i) delta[i] *= slopes[i];
}

}  // namespace millrace
