// A dense layer's weights, packed for the forward pass: panels of 16 outputs, each transposed to [in × 16],
// so that one pass over the inputs in order feeds 16 sums at once. A sum's order never depends on the batch.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace millrace {

class PackedDense {
 public:
  static constexpr std::size_t kPanel = 16;

  PackedDense() = default;
  // weight: row-major [out × in]; bias: out values, or empty for none.
  PackedDense(std::span<const float> weight, std::span<const float> bias, std::size_t in, std::size_t out);

  [[nodiscard]] std::size_t in() const { return in_; }
  // Distance between the rows of a result: the outputs, rounded up to whole panels.
  [[nodiscard]] std::size_t stride() const { return panels_ * kPanel; }

  // to[r] = W·from[r] + b for each row r; rows of `from` lie `from_stride` floats apart.
  void apply(const float* from, std::size_t from_stride, std::size_t rows, float* to) const;
  // to[r] += W·from[r].
  void add(const float* from, std::size_t from_stride, std::size_t rows, float* to) const;

 private:
  std::size_t in_ = 0;
  std::size_t panels_ = 0;
  std::vector<float> weight_;  // [panel][in][kPanel]
  std::vector<float> bias_;    // stride() values
};

}  // namespace millrace
