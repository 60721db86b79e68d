#include "kernels/inputs.hpp"

#include "kernels/device.hpp"
#include "kernels/tables.hpp"
#include "kernels/values.hpp"

namespace millrace {
namespace {

using namespace testing_support;

using InputKernels = KernelTest;

std::vector<float> gathered(const TableLayout& layout, const std::vector<float>& numeric,
                            const std::vector<std::int32_t>& ids, const std::vector<float>& parameters) {
  std::vector<float> x;
  for (std::size_t r = 0; r < layout.shape.rows; ++r) {
    for (std::size_t c = 0; c < layout.shape.n_numeric; ++c)
      x.push_back(numeric[r * layout.shape.n_numeric + c]);
    for (std::size_t t = 0; t < layout.tables.size(); ++t) {
      const kernels::EmbeddingColumn& table = layout.tables[t];
      const auto id = static_cast<std::size_t>(ids[r * layout.tables.size() + t]);
      for (std::size_t d = 0; d < table.dimension; ++d) {
        x.push_back(parameters[table.parameters + id * table.dimension + d]);
      }
    }
  }
  return x;
}

template <class T>
void expect_gathered(const TableLayout& layout) {
  const std::vector<float> numeric = normal_floats(layout.shape.rows * layout.shape.n_numeric, 1);
  const std::vector<float> parameters = normal_floats(layout.n_parameters, 2);
  const std::vector<std::int32_t> ids = layout.ids(1, 3);
  DeviceArray<float> device_numeric(numeric);
  DeviceArray<float> device_parameters(parameters);
  DeviceArray<std::int32_t> device_ids(ids);
  DeviceArray<kernels::EmbeddingColumn> tables(layout.tables);
  DeviceArray<std::int32_t> table_of_column(layout.table_of_column);
  DeviceArray<T> x(layout.shape.rows * layout.shape.width);
  kernels::gather_inputs(layout.shape, device_numeric.data(), device_ids.data(), tables.data(),
                         table_of_column.data(), device_parameters.data(), x.data(), nullptr);
  EXPECT_TRUE(same_bits(x.download(), rounded<T>(gathered(layout, numeric, ids, parameters))))
      << layout.shape.rows << " × " << layout.shape.width;
}

TEST_F(InputKernels, NumericValuesAndEmbeddingsAreSideBySide) {
  for (const std::size_t rows : {0, 1, 31, 33, 1000}) {
    for (const std::uint32_t n_numeric : {0U, 1U, 5U}) {
      for (const std::vector<TableSize>& sizes :
           std::vector<std::vector<TableSize>>{{}, {{1, 1}}, {{4, 2}, {1, 33}, {100, 7}}}) {
        expect_gathered<float>({rows, n_numeric, sizes});
        expect_gathered<Bfloat16>({rows, n_numeric, sizes});
      }
    }
  }
}

}  // namespace
}  // namespace millrace
