// Inside packaging/onnx/: Network::forward() as a graph.
#pragma once

#include "model/network.hpp"
#include "packaging/onnx/graph.hpp"

namespace millrace {

// A parameter slice by its name: a matrix [rows, columns], or a bias [rows].
Tensor add_parameters(OnnxGraph& graph, const Network& network, const std::string& name);

// Logits [N, n_outputs] of features [N, input_width()].
Tensor add_network(OnnxGraph& graph, const Network& network, const Tensor& input);

}  // namespace millrace
