#include "packaging/onnx/features.hpp"

#include <limits>
#include <map>

#include "packaging/onnx/levels.hpp"
#include "packaging/onnx/network.hpp"

namespace millrace {

namespace {

std::string words_of(ColumnType type) {
  if (type.kind == TypeKind::kText) return "text; \"\": missing";
  std::string words = to_string(type);
  if (type.kind == TypeKind::kBoolean) words += ": 0 or 1";
  if (type.kind == TypeKind::kDecimal) words += ": the nearest double";
  if (type.kind == TypeKind::kDate) words += ": days since 1970-01-01";
  if (type.kind == TypeKind::kTimestamp) words += ": microseconds since 1970-01-01T00:00:00Z";
  return words + "; NaN: missing";
}

InputColumn add_input(OnnxGraph& graph, const Field& field) {
  const auto type =
      field.type.kind == TypeKind::kText ? onnx::TensorProto::STRING : onnx::TensorProto::DOUBLE;
  return {graph.input(field.name, type, words_of(field.type)), field.name, field.type};
}

// sign(x) · log1p|x|. ONNX has no log1p: D. Goldberg, "What every computer scientist should know about
// floating-point arithmetic", 1991, theorem 4, has an exact one from the logarithm.
Tensor add_log1p(OnnxGraph& graph, const std::string& name, const Tensor& x) {
  const Tensor one = graph.scalar(name + "/one", 1.0);
  const Tensor magnitude = graph.apply("Abs", {x}, name + "/magnitude");
  const Tensor sum = graph.apply("Add", {magnitude, one}, name + "/sum");
  const Tensor rounded = graph.apply("Sub", {sum, one}, name + "/rounded");
  const Tensor correction = graph.apply("Div", {magnitude, rounded}, name + "/correction");
  const Tensor logarithm =
      graph.apply("Mul", {graph.apply("Log", {sum}, name + "/log"), correction}, name + "/corrected");
  const Tensor is_tiny = graph.apply("Equal", {sum, one}, name + "/is_tiny");
  const Tensor log1p = graph.apply("Where", {is_tiny, magnitude, logarithm}, name + "/log1p");
  return graph.apply("Mul", {graph.apply("Sign", {x}, name + "/sign"), log1p}, name + "/signed");
}

Tensor add_clip(OnnxGraph& graph, const std::string& name, const Tensor& x, double low, double high) {
  return graph.apply("Clip", {x, graph.scalar(name + "/low", low), graph.scalar(name + "/high", high)},
                     name + "/clipped");
}

Tensor add_scaled(OnnxGraph& graph, const std::string& name, const Tensor& x,
                  const NumericTransform& transform) {
  constexpr double kLimit = std::numeric_limits<float>::max();
  const Tensor centred =
      graph.apply("Sub", {x, graph.scalar(name + "/mean", transform.mean)}, name + "/centred");
  const Tensor scaled =
      graph.apply("Div", {centred, graph.scalar(name + "/deviation", transform.deviation)}, name + "/scaled");
  return graph.cast(add_clip(graph, name + "/finite", scaled, -kLimit, kLimit), onnx::TensorProto::FLOAT,
                    name + "/number");
}

// The blocks of columns that the network's input is made of: all numeric ones, then all embeddings.
class FeatureBlocks {
 public:
  FeatureBlocks(OnnxGraph& graph, const Network& network) : graph_(graph), network_(network) {}

  void add(const InputColumn& column, const NumericTransform& transform) {
    const std::string& name = column.name;
    const Tensor missing = add_is_missing(graph_, column);
    Tensor x =
        graph_.apply("Where", {missing, graph_.scalar(name + "/impute", transform.impute), column.tensor},
                     name + "/imputed");
    if (transform.clip) x = add_clip(graph_, name, x, transform.clip->first, transform.clip->second);
    if (transform.log1p) x = add_log1p(graph_, name, x);
    numeric_.push_back(add_scaled(graph_, name, x, transform));
    if (transform.indicator) add_truth(missing, name + "/indicator");
  }

  void add(const InputColumn& column, const OneHot& transform) {
    std::vector<std::int64_t> slots;
    if (transform.missing_input) slots.push_back(Vocabulary::kMissing);
    if (transform.rare_input) slots.push_back(Vocabulary::kRare);
    for (std::size_t i = 0; i < transform.vocabulary.levels().size(); ++i) {
      slots.push_back(static_cast<std::int64_t>(Vocabulary::kFirstLevel + i));
    }
    const Tensor index = add_level_index(graph_, column, transform.vocabulary);
    const Tensor wanted = graph_.constant(column.name + "/slots", std::span<const std::int64_t>(slots),
                                          {1, static_cast<std::int64_t>(slots.size())});
    add_truth(graph_.apply("Equal", {index, wanted}, column.name + "/is_slot"), column.name + "/onehot");
  }

  void add(const InputColumn& column, const Embedding& transform) {
    add_embedding(column.name, add_level_index(graph_, column, transform.vocabulary));
  }

  // A number's bin is how many of the edges it reaches, after one that all numbers do: a NaN reaches none.
  void add(const InputColumn& column, const Bins& transform) {
    std::vector<double> edges{-std::numeric_limits<double>::infinity()};
    edges.insert(edges.end(), transform.edges.begin(), transform.edges.end());
    const Tensor limits = graph_.constant(column.name + "/edges", std::span<const double>(edges),
                                          {1, static_cast<std::int64_t>(edges.size())});
    const Tensor reached = graph_.apply("GreaterOrEqual", {column.tensor, limits}, column.name + "/reaches");
    const std::string name = column.name + "/bin";
    const std::int64_t columns[] = {1};
    add_embedding(name,
                  graph_.apply("ReduceSum",
                               {graph_.cast(reached, onnx::TensorProto::INT64, column.name + "/reached"),
                                graph_.constant(name + "/axes", std::span<const std::int64_t>(columns), {1})},
                               name));
  }

  [[nodiscard]] Tensor concatenated() const {
    std::vector<Tensor> blocks = numeric_;
    blocks.insert(blocks.end(), embeddings_.begin(), embeddings_.end());
    return graph_.apply("Concat", blocks, "network/input", {attribute("axis", std::int64_t{1})});
  }

 private:
  void add_truth(const Tensor& truth, const std::string& name) {
    numeric_.push_back(graph_.cast(truth, onnx::TensorProto::FLOAT, name));
  }

  void add_embedding(const std::string& name, const Tensor& index) {
    const Tensor table = add_parameters(graph_, network_, fmt::format("embedding.{}", embeddings_.size()));
    const Tensor found = graph_.apply("Gather", {table, index}, name + "/found");  // [N, 1, dimension]
    embeddings_.push_back(graph_.apply("Flatten", {found}, name + "/embedding"));
  }

  OnnxGraph& graph_;
  const Network& network_;
  std::vector<Tensor> numeric_;
  std::vector<Tensor> embeddings_;
};

}  // namespace

Tensor add_features(OnnxGraph& graph, const Scorer& scorer) {
  std::map<std::string, InputColumn> columns;
  for (const Field& field : scorer.plan().input_schema()) columns[field.name] = add_input(graph, field);
  FeatureBlocks blocks(graph, scorer.network());
  for (const FeatureStep& step : scorer.plan().steps) {
    std::visit([&](const auto& transform) { blocks.add(columns.at(step.column), transform); },
               step.transform);
  }
  return blocks.concatenated();
}

}  // namespace millrace
