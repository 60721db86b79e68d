// A row's logits in double, and how far from them those of any forward pass in fp32 may be.
//
// By running error analysis (N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, chapters
// 3 and 4): n products and a bias added in any order, with or without fused operations, are off by at most
// γ(n + 1) · (Σ|w|·|x| + |b|), γ(k) = k·u / (1 − k·u), u = 2⁻²⁴, and what the inputs are off by counts Σ|w|
// times. An activation hands on what its input is off by times its largest slope, and adds what it is itself
// off by, at most kActivationError · max(1, |x|) (model/activation.hpp; CUDA's functions are closer).
#pragma once

#include <cmath>
#include <vector>

#include "model/network.hpp"

namespace millrace::testing_support {

class ExactForward {
 public:
  explicit ExactForward(const Network& network) : network_(network), layout_(network.spec()) {}

  struct Number {
    double value = 0;
    double bound = 0;  // of what an fp32 result may be off by
  };
  // Of the batch's row r.
  [[nodiscard]] std::vector<Number> logits(const BatchView& batch, std::size_t r) const {
    const NetworkSpec& spec = network_.spec();
    const std::vector<Number> input = input_of(batch, r);
    std::vector<Number> values = input;
    for (std::size_t l = 0; l < spec.hidden.size(); ++l) {
      const std::string name = fmt::format("hidden.{}", l);
      values = sums({{name + ".weight", &values}}, name + ".bias");
      for (Number& number : values) number = activated(number);
    }
    std::vector<Product> products{{"output.weight", &values}};
    if (spec.skip) products.push_back({"skip.weight", &input});
    return sums(products, "output.bias");
  }

 private:
  static constexpr double kActivationError = 5e-7;
  struct Product {
    std::string weight;
    const std::vector<Number>* from;
  };

  [[nodiscard]] const float* parameter(const ParameterSlice& slice) const {
    return network_.parameters().data() + slice.offset;
  }
  [[nodiscard]] std::vector<Number> input_of(const BatchView& batch, std::size_t r) const {
    const NetworkSpec& spec = network_.spec();
    std::vector<Number> input;
    for (std::size_t i = 0; i < spec.n_numeric; ++i)
      input.push_back({batch.numeric[r * spec.n_numeric + i], 0});
    for (std::size_t t = 0; t < spec.embeddings.size(); ++t) {
      const ParameterSlice& table = layout_[fmt::format("embedding.{}", t)];
      const auto id = static_cast<std::size_t>(batch.categorical[r * spec.embeddings.size() + t]);
      for (std::size_t d = 0; d < table.columns; ++d)
        input.push_back({parameter(table)[id * table.columns + d], 0});
    }
    return input;
  }
  [[nodiscard]] std::vector<Number> sums(const std::vector<Product>& products,
                                         const std::string& bias) const {
    std::vector<Number> result;
    for (std::size_t unit = 0; unit < layout_[bias].size(); ++unit) {
      double value = parameter(layout_[bias])[unit];
      double magnitude = std::abs(value);
      double handed_on = 0;
      double terms = 2;
      for (const Product& product : products) {
        const float* weight = parameter(layout_[product.weight]) + unit * product.from->size();
        for (std::size_t i = 0; i < product.from->size(); ++i) {
          const Number& from = (*product.from)[i];
          const auto w = static_cast<double>(weight[i]);
          value += w * from.value;
          magnitude += std::abs(w) * (std::abs(from.value) + from.bound);
          handed_on += std::abs(w) * from.bound;
        }
        terms += static_cast<double>(product.from->size() + 1);
      }
      const double gamma = terms * 0x1p-24 / (1 - terms * 0x1p-24);
      result.push_back({value, gamma * magnitude + handed_on});
    }
    return result;
  }
  [[nodiscard]] Number activated(const Number& x) const {
    constexpr double kLargestGeluSlope = 1.13;
    const double own = kActivationError * std::max(1.0, std::abs(x.value));
    switch (network_.spec().activation) {
      case Activation::kRelu:
        return {std::max(x.value, 0.0), x.bound};
      case Activation::kTanh:
        return {std::tanh(x.value), x.bound + own};
      case Activation::kGelu:
        return {0.5 * x.value * (1 + std::erf(x.value / std::sqrt(2.0))), kLargestGeluSlope * x.bound + own};
    }
    return x;
  }

  const Network& network_;
  ParameterLayout layout_;
};

}  // namespace millrace::testing_support
