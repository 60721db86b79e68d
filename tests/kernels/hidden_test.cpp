#include "kernels/hidden.hpp"

#include "kernels/device.hpp"
#include "kernels/values.hpp"
#include "training/cpu/elementwise.hpp"

namespace millrace {
namespace {

using namespace testing_support;

using HiddenKernels = KernelTest;
constexpr std::size_t kRows[] = {0, 1, 31, 33};
constexpr std::size_t kWidths[] = {1, 7, 8, 13, 64, 1000};

std::vector<std::uint64_t> row_keys(std::size_t rows) {
  std::vector<std::uint64_t> keys;
  for (std::size_t r = 0; r < rows; ++r) keys.push_back(derive_key({7, r}));
  return keys;
}

struct Layer {
  Activation activation;
  std::size_t rows;
  std::size_t width;
  double dropout;
  std::uint32_t number = 2;
  [[nodiscard]] std::size_t size() const { return rows * width; }
};

struct ValuesAndSlopes {
  std::vector<float> values;
  std::vector<float> slopes;
};

ValuesAndSlopes on_cpu(const Layer& layer, const std::vector<float>& sums) {
  ValuesAndSlopes result{sums, std::vector<float>(sums.size())};
  activate_with_slopes(layer.activation, result.values, result.slopes);
  drop_out(layer.dropout, layer.number, row_keys(layer.rows), result.values, result.slopes);
  return result;
}

template <class T>
ValuesAndSlopes on_device(const Layer& layer, const std::vector<T>& sums, bool with_slopes) {
  DeviceArray<std::uint64_t> keys(row_keys(layer.rows));
  DeviceArray<T> values(sums);
  DeviceArray<T> slopes(with_slopes ? sums.size() : 0);
  kernels::activate(layer.activation, layer.rows, layer.width,
                    kernels::make_dropout(layer.dropout, layer.number, keys.data()), values.data(),
                    with_slopes ? slopes.data() : nullptr, nullptr);
  return {to_floats(values.download()), to_floats(slopes.download())};
}

// The CPU's erf is within 5e-7 and its e^x within 2e-7 of the true ones (model/activation.hpp), the device's
// within 2 units in the last place. So Φ(x) is known to 2.5e-7, x·Φ(x) to |x| times that, tanh to 4e-7 and
// its slope to twice that, each with a few roundings of 6e-8 on top. What is dropped is exact, what is kept
// is scaled.
double tolerance_of(const Layer& layer, float sum, float expected, double rounding) {
  const double scale = 1 / (1 - layer.dropout);
  return 1e-6 * scale * (1 + std::abs(sum)) + rounding * std::abs(expected);
}

template <class T>
void expect_like_cpu(const Layer& layer) {
  const double rounding = sizeof(T) == 2 ? kBfloat16Rounding : 0;
  const std::vector<T> sums = rounded<T>(normal_floats(layer.size(), layer.size()));
  const ValuesAndSlopes expected = on_cpu(layer, to_floats(sums));
  const ValuesAndSlopes result = on_device(layer, sums, true);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const float sum = kernels::to_float(sums[i]);
    ASSERT_NEAR(result.values[i], expected.values[i], tolerance_of(layer, sum, expected.values[i], rounding));
    ASSERT_NEAR(result.slopes[i], expected.slopes[i], tolerance_of(layer, sum, expected.slopes[i], rounding));
  }
  EXPECT_TRUE(same_bits(on_device(layer, sums, false).values, result.values));
}

TEST_F(HiddenKernels, ActivationsSlopesAndDropoutAreTheCpus) {
  for (const Activation activation : {Activation::kRelu, Activation::kGelu, Activation::kTanh}) {
    for (const std::size_t rows : kRows) {
      for (const std::size_t width : kWidths) {
        for (const double dropout : {0.0, 0.4}) {
          SCOPED_TRACE(testing::Message() << rows << " × " << width << ", dropout " << dropout);
          expect_like_cpu<float>({activation, rows, width, dropout});
          expect_like_cpu<Bfloat16>({activation, rows, width, dropout});
        }
      }
    }
  }
}

TEST_F(HiddenKernels, LargeSumsSaturateAndNansStay) {
  const std::vector<float> sums{-1e30F, -100, -20, -0.0F, 0, 20, 100, 1e30F, NAN};
  for (const Activation activation : {Activation::kRelu, Activation::kGelu, Activation::kTanh}) {
    const ValuesAndSlopes result = on_device(Layer{activation, 1, sums.size(), 0}, sums, true);
    const bool bounded = activation == Activation::kTanh;
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(result.values[i], bounded ? -1 : 0);
      EXPECT_EQ(result.slopes[i], 0);
    }
    for (std::size_t i = 5; i < 8; ++i) {
      EXPECT_EQ(result.values[i], bounded ? 1 : sums[i]);
      EXPECT_EQ(result.slopes[i], bounded ? 0 : 1);
    }
    EXPECT_TRUE(std::isnan(result.values[8]));
  }
}

// Dropping ones shows the mask, and 0 or the scale, bit for bit.
template <class T>
void expect_the_cpus_mask(std::size_t rows, std::size_t width, double share, std::uint32_t layer) {
  std::vector<float> expected(rows * width, 1);
  std::vector<float> slopes = expected;
  drop_out(share, layer, row_keys(rows), expected, slopes);
  DeviceArray<std::uint64_t> keys(row_keys(rows));
  DeviceArray<T> values(rounded<T>(std::vector<float>(rows * width, 1)));
  kernels::drop_out(rows, width, kernels::make_dropout(share, layer, keys.data()), values.data(), nullptr);
  EXPECT_TRUE(same_bits(values.download(), rounded<T>(expected)))
      << rows << " × " << width << ", share " << share << ", layer " << layer;
}

TEST_F(HiddenKernels, DropoutMasksAreTheCpusBitForBit) {
  for (const std::size_t rows : kRows) {
    for (const std::size_t width : kWidths) {
      for (const double share : {0.0, 1e-9, 0.1, 0.5, 0.9999999}) {
        for (const std::uint32_t layer : {0U, 3U}) {
          expect_the_cpus_mask<float>(rows, width, share, layer);
          expect_the_cpus_mask<Bfloat16>(rows, width, share, layer);
        }
      }
    }
  }
}

template <class T>
void expect_products(std::size_t n) {
  const std::vector<float> delta = to_floats(rounded<T>(normal_floats(n, 4)));
  const std::vector<float> slopes = to_floats(rounded<T>(normal_floats(n, 5)));
  DeviceArray<T> device_slopes(rounded<T>(slopes));
  DeviceArray<T> by_slopes(rounded<T>(delta));
  DeviceArray<T> by_relu(rounded<T>(delta));
  kernels::multiply_by_slopes<T>(n, device_slopes.data(), by_slopes.data(), nullptr);
  kernels::multiply_by_relu_slopes<T>(n, device_slopes.data(), 1.25F, by_relu.data(), nullptr);
  std::vector<float> expected(n);
  std::vector<float> expected_relu(n);
  for (std::size_t i = 0; i < n; ++i) {
    expected[i] = delta[i] * slopes[i];
    expected_relu[i] = slopes[i] > 0 ? delta[i] * 1.25F : 0;
  }
  EXPECT_TRUE(same_bits(by_slopes.download(), rounded<T>(expected))) << n;
  EXPECT_TRUE(same_bits(by_relu.download(), rounded<T>(expected_relu))) << n;
}

TEST_F(HiddenKernels, DeltasAreMultipliedBySlopes) {
  for (const std::size_t n : {0, 1, 7, 8, 31, 33, 1000}) {
    expect_products<float>(n);
    expect_products<Bfloat16>(n);
  }
}

}  // namespace
}  // namespace millrace
