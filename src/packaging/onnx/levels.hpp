// Inside packaging/onnx/: the index that a vocabulary has for each row of a column.
#pragma once

#include "features/plan.hpp"
#include "packaging/onnx/graph.hpp"

namespace millrace {

// A column that is an input of the graph: texts ("": missing) or doubles (NaN: missing).
struct InputColumn {
  Tensor tensor;
  std::string name;
  ColumnType type;
};

// [N, 1] of booleans: whether the number is missing.
Tensor add_is_missing(OnnxGraph& graph, const InputColumn& column);

// [N, 1] of int64, as Vocabulary has them: missing, rare or unknown, levels. Throws Refusal where the input
// cannot tell a level from other values.
Tensor add_level_index(OnnxGraph& graph, const InputColumn& column, const Vocabulary& vocabulary);

}  // namespace millrace
