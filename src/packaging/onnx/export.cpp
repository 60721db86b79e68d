#include "packaging/onnx/export.hpp"

#include "base/json.hpp"
#include "packaging/onnx/features.hpp"
#include "packaging/onnx/graph.hpp"
#include "packaging/onnx/network.hpp"

namespace millrace {

namespace {

void add_binary(OnnxGraph& graph, const TargetPlan& target, const Tensor& logits) {
  const Tensor probability = graph.apply("Sigmoid", {logits}, "network/sigmoid");
  graph.output("probability", onnx::TensorProto::FLOAT, 1, probability,
               fmt::format("of {} being '{}'", target.column, target.classes.at(1)));
  graph.output("score", onnx::TensorProto::FLOAT, 1, logits, "the probability's logit");
}

void add_multiclass(OnnxGraph& graph, const TargetPlan& target, const Tensor& logits) {
  const std::size_t classes = target.classes.size();
  const Tensor probabilities =
      graph.apply("Softmax", {logits}, "network/softmax", {attribute("axis", std::int64_t{1})});
  const Tensor names = graph.constant("network/classes", std::span<const std::string>(target.classes),
                                      {static_cast<std::int64_t>(classes)});
  const Tensor likeliest =
      graph.apply("ArgMax", {probabilities}, "network/likeliest", {attribute("axis", std::int64_t{1})});
  graph.output("probabilities", onnx::TensorProto::FLOAT, classes, probabilities,
               fmt::format("of the classes of {}: {}", target.column, Json(target.classes).dump()));
  graph.output("label", onnx::TensorProto::STRING, 1,
               graph.apply("Gather", {names, likeliest}, "network/label"), "the likeliest class");
}

// In double, as Scorer::finish().
void add_regression(OnnxGraph& graph, const TargetPlan& target, const Tensor& logits) {
  const Tensor value = graph.cast(logits, onnx::TensorProto::DOUBLE, "network/double");
  const Tensor scaled =
      graph.apply("Mul", {value, graph.scalar("network/deviation", target.deviation)}, "network/scaled");
  const Tensor moved =
      graph.apply("Add", {scaled, graph.scalar("network/mean", target.mean)}, "network/moved");
  graph.output("prediction", onnx::TensorProto::FLOAT, 1,
               graph.cast(moved, onnx::TensorProto::FLOAT, "network/prediction"), "of " + target.column);
}

void add_outputs(OnnxGraph& graph, const Scorer& scorer, const Tensor& logits) {
  const TargetPlan& target = scorer.plan().target;
  switch (scorer.network().spec().task) {
    case Task::kBinary:
      return add_binary(graph, target, logits);
    case Task::kMulticlass:
      return add_multiclass(graph, target, logits);
    case Task::kRegression:
      return add_regression(graph, target, logits);
  }
}

std::string model_bytes(const Scorer& scorer) {
  OnnxGraph graph;
  const Tensor features = add_features(graph, scorer);
  add_outputs(graph, scorer, add_network(graph, scorer.network(), features));
  const TargetPlan& target = scorer.plan().target;
  graph.describe("inputs", Json(scorer.plan().input_schema()).dump());
  graph.describe("task", target.task);
  graph.describe("target", target.column);
  graph.describe("classes", Json(target.classes).dump());
  return graph.bytes();
}

}  // namespace

OnnxModel export_onnx(const Scorer& scorer) {
  try {
    return {model_bytes(scorer), ""};
  } catch (const Refusal& refusal) {
    return {"", refusal.what()};
  }
}

}  // namespace millrace
