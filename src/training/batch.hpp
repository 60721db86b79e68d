// The rows of one step that are computed together, gathered from their lanes.
#pragma once

#include <cstdint>
#include <vector>

#include "model/network.hpp"

namespace millrace {

struct Batch {
  std::size_t rows = 0;
  std::vector<float> numeric;             // rows × n_numeric
  std::vector<std::int32_t> categorical;  // rows × embeddings
  std::vector<float> target;
  std::vector<float> weight;               // of the row, class weight included
  std::vector<std::uint64_t> dropout_key;  // the key of each row's dropout masks: of (seed, step, lane, row)

  [[nodiscard]] BatchView view() const { return {rows, numeric, categorical}; }
};

}  // namespace millrace
