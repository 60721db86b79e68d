// On a GPU alone: the sort is CUB's, which the emulator does not have.
#include <algorithm>
#include <numeric>

#include "kernels/dense.hpp"
#include "kernels/device.hpp"
#include "kernels/embedding_gradient.hpp"
#include "kernels/values.hpp"

namespace millrace {
namespace {

using namespace testing_support;

using SortByKey = KernelTest;

void expect_stably_sorted(std::size_t n, unsigned bits) {
  CounterRandom random(n + bits);
  std::vector<std::uint32_t> keys(n);
  for (std::uint32_t& key : keys) key = static_cast<std::uint32_t>(random.below(std::uint64_t{1} << bits));
  std::vector<std::uint32_t> positions(n);
  std::iota(positions.begin(), positions.end(), 0U);
  const std::size_t scratch_bytes = kernels::sort_scratch_bytes(n);
  DeviceArray<std::uint32_t> device_keys(keys);
  DeviceArray<std::uint32_t> device_positions(positions);
  DeviceArray<std::uint32_t> sorted_keys(n);
  DeviceArray<std::uint32_t> sorted_positions(n);
  DeviceArray<std::uint8_t> scratch(scratch_bytes);
  kernels::sort_by_key(n, bits, device_keys.data(), device_positions.data(), sorted_keys.data(),
                       sorted_positions.data(), scratch.data(), scratch_bytes, nullptr);
  std::ranges::stable_sort(positions, {}, [&](std::uint32_t i) { return keys[i]; });
  std::ranges::stable_sort(keys);
  EXPECT_EQ(sorted_keys.download(), keys) << n << " keys of " << bits << " bits";
  EXPECT_EQ(sorted_positions.download(), positions) << n << " keys of " << bits << " bits";
}

TEST_F(SortByKey, IsStable) {
  for (const std::size_t n : {0, 1, 31, 33, 1000, 1000003}) {
    for (const unsigned bits : {0U, 1U, 5U, 17U, 32U}) expect_stably_sorted(n, bits);
  }
}

TEST(Launch, SaysWhyItIsRefused) {
  if (why_no_device().empty()) GTEST_SKIP() << "a device answers, so nothing is refused";
  try {
    kernels::to_bfloat16(1, nullptr, nullptr, nullptr);
    ADD_FAILURE() << "a launch without a device was not refused";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("CUDA"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace millrace
