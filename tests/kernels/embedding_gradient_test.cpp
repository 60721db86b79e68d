#include "kernels/embedding_gradient.hpp"

#include <algorithm>
#include <numeric>

#include "kernels/device.hpp"
#include "kernels/tables.hpp"
#include "kernels/values.hpp"

namespace millrace {
namespace {

using namespace testing_support;

using EmbeddingKernels = KernelTest;
constexpr float kUntouched = 42;

// Sorted on the host: sort_by_key has its own test, on a GPU.
struct SortedUses {
  std::vector<std::uint32_t> keys;
  std::vector<std::uint32_t> positions;
};

SortedUses sorted_uses(const TableLayout& layout, const std::vector<std::int32_t>& ids) {
  const auto key = [&](std::uint32_t i) {
    return layout.tables[i % layout.tables.size()].first_key + static_cast<std::uint32_t>(ids[i]);
  };
  SortedUses uses;
  uses.positions.resize(ids.size());
  std::iota(uses.positions.begin(), uses.positions.end(), 0U);
  std::ranges::stable_sort(uses.positions, {}, key);
  for (const std::uint32_t position : uses.positions) uses.keys.push_back(key(position));
  return uses;
}

std::vector<float> device_gradient(const TableLayout& layout, const std::vector<std::int32_t>& ids,
                                   const std::vector<float>& delta) {
  const SortedUses uses = sorted_uses(layout, ids);
  DeviceArray<kernels::EmbeddingColumn> tables(layout.tables);
  DeviceArray<std::uint32_t> keys(uses.keys);
  DeviceArray<std::uint32_t> positions(uses.positions);
  DeviceArray<float> input_delta(delta);
  DeviceArray<float> partial(kernels::segment_scratch(layout.shape, layout.widest));
  DeviceArray<float> gradient(std::vector<float>(layout.n_parameters, kUntouched));
  kernels::add_segments(layout.shape, tables.data(), layout.widest, keys.data(), positions.data(),
                        input_delta.data(), partial.data(), gradient.data(), nullptr);
  (void)partial.download();  // looks at the guards
  return gradient.download();
}

std::vector<ReferenceSum> reference_gradient(const TableLayout& layout, const std::vector<std::int32_t>& ids,
                                             const std::vector<float>& delta) {
  std::vector<ReferenceSum> gradient(layout.n_parameters);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const kernels::EmbeddingColumn& table = layout.tables[i % layout.tables.size()];
    const std::size_t from = i / layout.tables.size() * layout.shape.width + table.column;
    const std::size_t to = table.parameters + static_cast<std::size_t>(ids[i]) * table.dimension;
    for (std::size_t d = 0; d < table.dimension; ++d) {
      gradient[to + d].add(static_cast<double>(delta[from + d]));
    }
  }
  return gradient;
}

// exponent: how skewed ids are; at 1e6 all are the first level.
void expect_gradient(const TableLayout& layout, double exponent) {
  SCOPED_TRACE(testing::Message() << layout.shape.rows << " rows, exponent " << exponent);
  const std::vector<std::int32_t> ids = layout.ids(exponent, 1);
  const std::vector<float> delta = normal_floats(layout.shape.rows * layout.shape.width, 2);
  const std::vector<ReferenceSum> expected = reference_gradient(layout, ids, delta);
  const std::vector<float> gradient = device_gradient(layout, ids, delta);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i].terms == 0) {
      ASSERT_EQ(gradient[i], kUntouched);
    } else {
      ASSERT_NEAR(gradient[i], expected[i].sum, expected[i].tolerance());
    }
  }
  EXPECT_TRUE(same_bits(gradient, device_gradient(layout, ids, delta)));
}

TEST_F(EmbeddingKernels, GradientsAreSumsOverTheUsesOfALevel) {
  for (const std::size_t rows : {0, 1, 10, 31, 32, 33, 64, 65, 1000}) {
    for (const double exponent : {1.0, 4.0, 1e6}) {
      expect_gradient({rows, 2, {{3, 2}, {50, 5}, {1, 40}}}, exponent);
      expect_gradient({rows, 0, {{200, 33}}}, exponent);
    }
  }
}

TEST_F(EmbeddingKernels, OneLevelMayGoOverManyChunks) {
  expect_gradient({6011, 1, {{2, 3}}}, 1e6);
  expect_gradient({3003, 1, {{4, 3}, {3, 1}}}, 8);
}

TEST_F(EmbeddingKernels, WithoutTablesThereIsNothingToDo) {
  EXPECT_TRUE(device_gradient({100, 3, {}}, {}, normal_floats(300, 1)).empty());
}

TEST_F(EmbeddingKernels, KeysNameTableAndLevel) {
  for (const std::size_t rows : {0, 1, 33, 1000}) {
    const TableLayout layout(rows, 1, {{3, 2}, {50, 5}, {7, 1}});
    const std::vector<std::int32_t> ids = layout.ids(1, 5);
    DeviceArray<std::int32_t> categorical(ids);
    DeviceArray<kernels::EmbeddingColumn> tables(layout.tables);
    DeviceArray<std::uint32_t> device_keys(ids.size());
    DeviceArray<std::uint32_t> device_positions(ids.size());
    kernels::embedding_keys(layout.shape, categorical.data(), tables.data(), device_keys.data(),
                            device_positions.data(), nullptr);
    const std::vector<std::uint32_t> keys = device_keys.download();
    const std::vector<std::uint32_t> positions = device_positions.download();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      ASSERT_EQ(keys[i], layout.tables[i % 3].first_key + static_cast<std::uint32_t>(ids[i]));
      ASSERT_EQ(positions[i], i);
    }
  }
}

TEST_F(EmbeddingKernels, MoreUsesThanPositionsAreRefused) {
  const kernels::InputShape shape{std::size_t{1} << 31U, 0, 2, 2};
  EXPECT_THROW(kernels::embedding_keys(shape, nullptr, nullptr, nullptr, nullptr, nullptr),
               std::length_error);
}

}  // namespace
}  // namespace millrace
