#include "kernels/dense.hpp"

#include "kernels/device.hpp"
#include "kernels/values.hpp"

namespace millrace {
namespace {

using namespace testing_support;

using DenseKernels = KernelTest;
constexpr std::size_t kRows[] = {0, 1, 31, 33, 1000};
constexpr std::size_t kWidths[] = {1, 7, 32, 33};

TEST_F(DenseKernels, EveryRowIsTheBias) {
  for (const std::size_t rows : kRows) {
    for (const std::size_t width : kWidths) {
      const std::vector<float> bias = normal_floats(width, 1);
      DeviceArray<float> device_bias(bias);
      DeviceArray<float> to(rows * width);
      kernels::fill_with_bias(rows, width, device_bias.data(), to.data(), nullptr);
      const std::vector<float> result = to.download();
      for (std::size_t i = 0; i < result.size(); ++i) ASSERT_EQ(result[i], bias[i % width]);
    }
  }
}

template <class T>
std::vector<float> device_column_sums(std::size_t rows, std::size_t width, const std::vector<T>& delta) {
  DeviceArray<T> device_delta(delta);
  DeviceArray<float> scratch(kernels::column_sums_scratch(rows, width));
  DeviceArray<float> sums(width);
  kernels::column_sums(rows, width, static_cast<const T*>(device_delta.data()), scratch.data(), sums.data(),
                       nullptr);
  (void)scratch.download();  // looks at the guards
  return sums.download();
}

template <class T>
void expect_column_sums(std::size_t rows, std::size_t width) {
  const std::vector<T> delta = rounded<T>(normal_floats(rows * width, rows + width));
  std::vector<ReferenceSum> expected(width);
  for (std::size_t i = 0; i < delta.size(); ++i) {
    expected[i % width].add(static_cast<double>(kernels::to_float(delta[i])));
  }
  const std::vector<float> sums = device_column_sums(rows, width, delta);
  for (std::size_t c = 0; c < width; ++c) ASSERT_NEAR(sums[c], expected[c].sum, expected[c].tolerance());
  EXPECT_TRUE(same_bits(sums, device_column_sums(rows, width, delta)));
}

TEST_F(DenseKernels, ColumnsAreSummedOverOneChunkAndMany) {
  for (const std::size_t rows : {0, 1, 31, 33, 128, 129, 1000, 20000}) {
    for (const std::size_t width : kWidths) {
      SCOPED_TRACE(testing::Message() << rows << " × " << width);
      expect_column_sums<float>(rows, width);
      expect_column_sums<Bfloat16>(rows, width);
    }
  }
}

TEST_F(DenseKernels, AddsElementByElement) {
  for (const std::size_t n : {0, 1, 7, 8, 31, 33, 1000}) {
    const std::vector<float> a = normal_floats(n, 2);
    const std::vector<float> b = normal_floats(n, 3);
    DeviceArray<float> from(a);
    DeviceArray<float> to(b);
    kernels::add(n, from.data(), to.data(), nullptr);
    const std::vector<float> sums = to.download();
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(sums[i], a[i] + b[i]);
  }
}

// Every upper half of a float with lower halves around the ties.
std::vector<float> floats_around_ties() {
  std::vector<float> values;
  for (std::uint32_t upper = 0; upper < 65536; ++upper) {
    for (const std::uint32_t lower : {0x0000U, 0x0001U, 0x7FFFU, 0x8000U, 0x8001U, 0xFFFFU}) {
      values.push_back(std::bit_cast<float>(upper << 16U | lower));
    }
  }
  return values;
}

// Of the two neighbours with 16 bits the nearer one, of two as near the even one. Beyond the largest finite
// value the next one would be 2^128.
std::uint16_t nearest(float value) {
  const auto lower = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16U);
  const auto upper = static_cast<std::uint16_t>(lower + 1);
  const auto magnitude = [](std::uint16_t bits) {
    const double finite = std::abs(static_cast<double>(kernels::to_float(Bfloat16{bits})));
    return std::min(finite, 0x1p128);
  };
  const double to_lower = std::abs(static_cast<double>(value)) - magnitude(lower);
  const double to_upper = magnitude(upper) - std::abs(static_cast<double>(value));
  if (to_lower == to_upper) return lower % 2 == 0 ? lower : upper;
  return to_lower < to_upper ? lower : upper;
}

TEST_F(DenseKernels, RoundsToTheNearestBfloat16) {
  const std::vector<float> values = floats_around_ties();
  DeviceArray<float> from(values);
  DeviceArray<Bfloat16> to(values.size());
  kernels::to_bfloat16(values.size(), from.data(), to.data(), nullptr);
  const std::vector<Bfloat16> result = to.download();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) {
      ASSERT_TRUE(std::isnan(kernels::to_float(result[i])));
    } else if (std::isinf(values[i])) {
      ASSERT_EQ(kernels::to_float(result[i]), values[i]);
    } else {
      ASSERT_EQ(result[i].bits, nearest(values[i])) << values[i];
    }
  }
}

}  // namespace
}  // namespace millrace
