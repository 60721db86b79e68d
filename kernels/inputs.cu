#include "kernels/bfloat16.hpp"
#include "kernels/inputs.hpp"
#include "kernels/launch.cuh"

namespace millrace::kernels {

namespace {

// Where a batch and the embeddings are read.
struct Sources {
  const float* numeric;
  const std::int32_t* categorical;
  const EmbeddingColumn* tables;
  const float* parameters;
};

__device__ float embedded(const InputShape& shape, const Sources& from, std::size_t row, std::size_t column,
                          std::uint32_t t) {
  const EmbeddingColumn table = from.tables[t];
  const auto id = static_cast<std::size_t>(from.categorical[row * shape.n_tables + t]);
  return from.parameters[table.parameters + id * table.dimension + (column - table.column)];
}

template <class T>
__global__ void gather_kernel(InputShape shape, Sources from, const std::int32_t* table_of_column, T* x) {
  for (std::size_t i = thread_index(); i < shape.rows * shape.width; i += thread_count()) {
    const std::size_t row = i / shape.width;
    const std::size_t column = i % shape.width;
    const std::int32_t table = table_of_column[column];
    x[i] = round_to<T>(table < 0 ? from.numeric[row * shape.n_numeric + column]
                                 : embedded(shape, from, row, column, static_cast<std::uint32_t>(table)));
  }
}

}  // namespace

template <class T>
void gather_inputs(const InputShape& shape, const float* numeric, const std::int32_t* categorical,
                   const EmbeddingColumn* tables, const std::int32_t* table_of_column,
                   const float* parameters, T* x, StreamView stream) {
  launch(gather_kernel<T>, blocks_for(shape.rows * shape.width), kThreads, stream, shape,
         Sources{numeric, categorical, tables, parameters}, table_of_column, x);
}
template void gather_inputs(const InputShape&, const float*, const std::int32_t*, const EmbeddingColumn*,
                            const std::int32_t*, const float*, float*, StreamView);
template void gather_inputs(const InputShape&, const float*, const std::int32_t*, const EmbeddingColumn*,
                            const std::int32_t*, const float*, Bfloat16*, StreamView);

}  // namespace millrace::kernels
