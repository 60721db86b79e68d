#include "model/activation.hpp"

namespace millrace {

void activate(Activation activation, std::span<float> values) {
  switch (activation) {
    case Activation::kRelu:
      for (float& value : values) value = relu(value);
      return;
    case Activation::kGelu:
      for (float& value : values) value = gelu(value);
      return;
    case Activation::kTanh:
      for (float& value : values) value = fast_tanh(value);
      return;
  }
}

}  // namespace millrace
