// The network's input on the device: numeric values and embeddings side by side.
#pragma once

#include "kernels/types.hpp"

namespace millrace::kernels {

// One embedding table: where it lies in the parameters and in the input.
struct EmbeddingColumn {
  std::uint64_t parameters =
      0;  // offset of its [cardinality × dimension] values in the flat parameter buffer
  std::uint32_t cardinality = 0;
  std::uint32_t dimension = 0;
  std::uint32_t column = 0;     // its first column in the network's input
  std::uint32_t first_key = 0;  // cardinalities of the tables before it, summed: id i has key first_key + i
};

struct InputShape {
  std::size_t rows = 0;
  std::uint32_t n_numeric = 0;
  std::uint32_t n_tables = 0;
  std::uint32_t width = 0;  // n_numeric and the tables' dimensions
};

// x[rows × width] = concat(numeric[rows × n_numeric], embeddings of categorical[rows × n_tables]).
// table_of_column[width]: the table that a column belongs to, −1 for numeric ones. T: float, Bfloat16.
template <class T>
void gather_inputs(const InputShape& shape, const float* numeric, const std::int32_t* categorical,
                   const EmbeddingColumn* tables, const std::int32_t* table_of_column,
                   const float* parameters, T* x, StreamView stream);

}  // namespace millrace::kernels
