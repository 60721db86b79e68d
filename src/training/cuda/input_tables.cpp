#include "training/cuda/input_tables.hpp"

#include <algorithm>
#include <bit>

namespace millrace {

InputTables::InputTables(const NetworkSpec& spec) {
  const ParameterLayout layout(spec);
  shape_ = {0, spec.n_numeric, static_cast<std::uint32_t>(spec.embeddings.size()), spec.input_width()};
  std::vector<kernels::EmbeddingColumn> tables;
  std::vector<std::int32_t> table_of_column(spec.n_numeric, -1);
  std::uint32_t keys = 0;
  for (std::size_t t = 0; t < spec.embeddings.size(); ++t) {
    const auto [cardinality, dimension] = spec.embeddings[t];
    tables.push_back({layout[fmt::format("embedding.{}", t)].offset, cardinality, dimension,
                      static_cast<std::uint32_t>(table_of_column.size()), keys});
    table_of_column.insert(table_of_column.end(), dimension, static_cast<std::int32_t>(t));
    keys += cardinality;
    widest_ = std::max(widest_, dimension);
  }
  key_bits_ = static_cast<unsigned>(std::bit_width(keys));
  tables_.reserve(tables.size());
  table_of_column_.reserve(table_of_column.size());
  const Stream stream;
  copy(tables_.data(), tables.data(), tables.size(), stream.view());
  copy(table_of_column_.data(), table_of_column.data(), table_of_column.size(), stream.view());
  stream.wait();
}

kernels::InputShape InputTables::shape(std::size_t rows) const {
  kernels::InputShape shape = shape_;
  shape.rows = rows;
  return shape;
}

template <class T>
void InputTables::gather(const DeviceBatch& batch, const float* parameters, T* x, StreamView stream) const {
  kernels::gather_inputs(shape(batch.rows()), batch.numeric(), batch.categorical(), tables_.data(),
                         table_of_column_.data(), parameters, x, stream);
}
template void InputTables::gather(const DeviceBatch&, const float*, float*, StreamView) const;
template void InputTables::gather(const DeviceBatch&, const float*, kernels::Bfloat16*, StreamView) const;

void InputTables::gradient(const DeviceBatch& batch, const float* input_delta, float* gradient,
                           StreamView stream) {
  const kernels::InputShape shape = this->shape(batch.rows());
  const std::size_t uses = shape.rows * shape.n_tables;
  for (auto* buffer : {&keys_, &positions_, &sorted_keys_, &sorted_positions_}) buffer->reserve(uses);
  sort_scratch_.reserve(kernels::sort_scratch_bytes(uses));
  partial_.reserve(kernels::segment_scratch(shape, widest_));
  kernels::embedding_keys(shape, batch.categorical(), tables_.data(), keys_.data(), positions_.data(),
                          stream);
  kernels::sort_by_key(uses, key_bits_, keys_.data(), positions_.data(), sorted_keys_.data(),
                       sorted_positions_.data(), sort_scratch_.data(), sort_scratch_.size(), stream);
  kernels::add_segments(shape, tables_.data(), widest_, sorted_keys_.data(), sorted_positions_.data(),
                        input_delta, partial_.data(), gradient, stream);
}

}  // namespace millrace
