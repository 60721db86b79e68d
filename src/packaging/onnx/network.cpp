#include "packaging/onnx/network.hpp"

#include <cmath>

#include <fmt/core.h>

namespace millrace {

namespace {

// W·x + b for each row; `addend` is b, or what else is to be added.
Tensor add_dense(OnnxGraph& graph, const Network& network, const std::string& name, const Tensor& x,
                 const Tensor& addend) {
  return graph.apply("Gemm", {x, add_parameters(graph, network, name + ".weight"), addend}, "network/" + name,
                     {attribute("transB", std::int64_t{1})});
}

// ½x · (1 + erf(x/√2)): ONNX has an operator of its own only since opset 20.
Tensor add_gelu(OnnxGraph& graph, const std::string& name, const Tensor& x) {
  const Tensor argument =
      graph.apply("Mul", {x, graph.scalar(name + "/inverse_root", 0.70710678F)}, name + "/argument");
  const Tensor sum =
      graph.apply("Add", {graph.apply("Erf", {argument}, name + "/erf"), graph.scalar(name + "/one", 1.0F)},
                  name + "/sum");
  const Tensor half = graph.apply("Mul", {x, graph.scalar(name + "/half", 0.5F)}, name + "/halved");
  return graph.apply("Mul", {half, sum}, name + "/gelu");
}

Tensor add_activation(OnnxGraph& graph, Activation activation, const std::string& name, const Tensor& x) {
  switch (activation) {
    case Activation::kRelu:
      return graph.apply("Relu", {x}, name + "/relu");
    case Activation::kTanh:
      return graph.apply("Tanh", {x}, name + "/tanh");
    case Activation::kGelu:
      break;
  }
  return add_gelu(graph, name, x);
}

}  // namespace

Tensor add_parameters(OnnxGraph& graph, const Network& network, const std::string& name) {
  const ParameterLayout layout(network.spec());
  const ParameterSlice& slice = layout[name];
  const bool is_bias = name.ends_with(".bias");
  return graph.constant("network/" + name, network.parameters().subspan(slice.offset, slice.size()),
                        is_bias ? Shape{slice.rows} : Shape{slice.rows, slice.columns});
}

Tensor add_network(OnnxGraph& graph, const Network& network, const Tensor& input) {
  Tensor x = input;
  for (std::size_t i = 0; i < network.spec().hidden.size(); ++i) {
    const std::string name = fmt::format("hidden.{}", i);
    const Tensor bias = add_parameters(graph, network, name + ".bias");
    x = add_activation(graph, network.spec().activation, "network/" + name,
                       add_dense(graph, network, name, x, bias));
  }
  Tensor addend = add_parameters(graph, network, "output.bias");
  if (network.spec().skip) addend = add_dense(graph, network, "skip", input, addend);
  return add_dense(graph, network, "output", x, addend);
}

}  // namespace millrace
