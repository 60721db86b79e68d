// Inside packaging/onnx/: FeaturePlan::apply() as a graph.
#pragma once

#include "model/scorer.hpp"
#include "packaging/onnx/graph.hpp"

namespace millrace {

// Adds the graph's inputs, one a column of the plan's input_schema(), and what the plan makes of them with
// the network's embeddings: [N, input_width()] of floats. Throws Refusal.
Tensor add_features(OnnxGraph& graph, const Scorer& scorer);

}  // namespace millrace
