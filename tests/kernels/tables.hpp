// Made batches of embedding ids, for the tests of what reads and what updates embedding tables.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "kernels/inputs.hpp"

namespace millrace::testing_support {

struct TableSize {
  std::uint32_t cardinality;
  std::uint32_t dimension;
};

// Where tables of these sizes lie behind the numeric columns, and in a buffer of parameters with a gap before
// each.
struct TableLayout {
  TableLayout(std::size_t rows, std::uint32_t n_numeric, const std::vector<TableSize>& sizes)
      : shape{rows, n_numeric, static_cast<std::uint32_t>(sizes.size()), n_numeric},
        table_of_column(n_numeric, -1) {
    for (const TableSize& size : sizes) {
      n_parameters += 3;
      tables.push_back({n_parameters, size.cardinality, size.dimension, shape.width, n_keys});
      table_of_column.insert(table_of_column.end(), size.dimension, static_cast<int>(tables.size()) - 1);
      n_parameters += std::size_t{size.cardinality} * size.dimension;
      n_keys += size.cardinality;
      shape.width += size.dimension;
      widest = std::max(widest, size.dimension);
    }
  }

  // exponent 1: all ids as likely; the larger, the more often the first ones.
  [[nodiscard]] std::vector<std::int32_t> ids(double exponent, std::uint64_t seed) const {
    CounterRandom random(seed);
    std::vector<std::int32_t> result;
    for (std::size_t i = 0; i < shape.rows * shape.n_tables; ++i) {
      const double share = std::pow(random.uniform(), exponent);
      result.push_back(static_cast<std::int32_t>(share * tables[i % shape.n_tables].cardinality));
    }
    return result;
  }

  kernels::InputShape shape;
  std::vector<kernels::EmbeddingColumn> tables;
  std::vector<std::int32_t> table_of_column;
  std::size_t n_parameters = 0;
  std::uint32_t n_keys = 0;
  std::uint32_t widest = 0;
};

}  // namespace millrace::testing_support
