#include "model/packed_dense.hpp"

#include <algorithm>

namespace millrace {

namespace {

constexpr std::size_t kPanel = PackedDense::kPanel;
constexpr std::size_t kLanes = 8;
constexpr std::size_t kVectors = kPanel / kLanes;

// Eight floats at any address; the compiler maps them to what the machine has.
using Vector = float __attribute__((vector_size(kLanes * sizeof(float)), aligned(sizeof(float)), may_alias));

Vector load(const float* at) {
  return *reinterpret_cast<const Vector*>(at);
}
void store(float* at, Vector value) {
  *reinterpret_cast<Vector*>(at) = value;
}

// Adds the products of kRows rows with kPanels neighbouring panels to `to`; all sums stay in registers.
template <std::size_t kRows, std::size_t kPanels>
void add_products(const float* from, std::size_t from_stride, const float* weight, std::size_t in, float* to,
                  std::size_t to_stride) {
  Vector sums[kRows][kPanels * kVectors];
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kPanels * kVectors; ++v) sums[r][v] = load(to + r * to_stride + v * kLanes);
  }
  for (std::size_t i = 0; i < in; ++i) {
    for (std::size_t v = 0; v < kPanels * kVectors; ++v) {
      const float* panel = weight + v / kVectors * in * kPanel;
      const Vector column = load(panel + i * kPanel + v % kVectors * kLanes);
      for (std::size_t r = 0; r < kRows; ++r) sums[r][v] += column * from[r * from_stride + i];
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kPanels * kVectors; ++v) store(to + r * to_stride + v * kLanes, sums[r][v]);
  }
}

// One row: several panels at once, so that there are enough independent sums to hide the adder's latency.
void add_row(const float* from, const float* weight, std::size_t in, std::size_t panels, float* to) {
  constexpr std::size_t kWide = 4;
  std::size_t p = 0;
  for (; p + kWide <= panels; p += kWide) {
    add_products<1, kWide>(from, 0, weight + p * in * kPanel, in, to + p * kPanel, 0);
  }
  for (; p < panels; ++p) add_products<1, 1>(from, 0, weight + p * in * kPanel, in, to + p * kPanel, 0);
}

}  // namespace

PackedDense::PackedDense(std::span<const float> weight, std::span<const float> bias, std::size_t in,
                         std::size_t out)
    : in_(in), panels_((out + kPanel - 1) / kPanel), weight_(panels_ * in * kPanel), bias_(panels_ * kPanel) {
  for (std::size_t o = 0; o < out; ++o) {
    float* panel = weight_.data() + o / kPanel * in * kPanel + o % kPanel;
    for (std::size_t i = 0; i < in; ++i) panel[i * kPanel] = weight[o * in + i];
  }
  std::ranges::copy(bias, bias_.begin());
}

void PackedDense::apply(const float* from, std::size_t from_stride, std::size_t rows, float* to) const {
  for (std::size_t r = 0; r < rows; ++r) std::ranges::copy(bias_, to + r * stride());
  add(from, from_stride, rows, to);
}

void PackedDense::add(const float* from, std::size_t from_stride, std::size_t rows, float* to) const {
  constexpr std::size_t kRows = 4;
  const std::size_t whole = rows / kRows * kRows;
  for (std::size_t p = 0; p < panels_; ++p) {  // a panel stays in the first-level cache for all rows
    const float* panel = weight_.data() + p * in_ * kPanel;
    for (std::size_t r = 0; r < whole; r += kRows) {
      add_products<kRows, 1>(from + r * from_stride, from_stride, panel, in_, to + r * stride() + p * kPanel,
                             stride());
    }
  }
  for (std::size_t r = whole; r < rows; ++r) {
    add_row(from + r * from_stride, weight_.data(), in_, panels_, to + r * stride());
  }
}

}  // namespace millrace
