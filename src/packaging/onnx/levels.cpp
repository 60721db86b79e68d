#include "packaging/onnx/levels.hpp"

#include <numeric>

#include <fmt/core.h>

#include "table/parse.hpp"

namespace millrace {

namespace {

// Integers up to which a double stands for one integer alone, and for one alone after a division by a power
// of ten.
constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53U) - 1;
constexpr std::int64_t kLargestDecimal = 1'000'000'000'000'000;

// The levels as values of the column's type, one a row: the way back from canonical text.
Column values_of(const Vocabulary& vocabulary, const InputColumn& column) {
  Column values(column.type);
  for (const std::string& level : vocabulary.levels()) {
    if (parse_append(level, values)) continue;
    throw Refusal(fmt::format("the level '{}' of the column '{}' is no {}", level, column.name,
                              to_string(column.type)));
  }
  return values;
}

// Vocabulary::kFirstLevel and what follows it, one for each level.
std::vector<std::int64_t> indices_of(const Vocabulary& vocabulary) {
  std::vector<std::int64_t> indices(vocabulary.levels().size());
  std::iota(indices.begin(), indices.end(), std::int64_t{Vocabulary::kFirstLevel});
  return indices;
}

Tensor add_text_index(OnnxGraph& graph, const InputColumn& column, const Vocabulary& vocabulary) {
  std::vector<std::string> keys = vocabulary.levels();
  std::vector<std::int64_t> indices = indices_of(vocabulary);
  if (vocabulary.index_of("") != Vocabulary::kRare) {
    throw Refusal(fmt::format(
        "the empty text is a level of the column '{}', but stands for a missing one in ONNX", column.name));
  }
  keys.emplace_back("");
  indices.push_back(Vocabulary::kMissing);
  return graph.apply("LabelEncoder", {column.tensor}, column.name + "/level",
                     {attribute("keys_strings", keys), attribute("values_int64s", indices),
                      attribute("default_int64", std::int64_t{Vocabulary::kRare})});
}

void check_exact(const InputColumn& column, const Vocabulary& vocabulary, const Column& values) {
  const std::int64_t largest = column.type.kind == TypeKind::kDecimal ? kLargestDecimal : kLargestInteger;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values.integers[i] >= -largest && values.integers[i] <= largest) continue;
    throw Refusal(
        fmt::format("the level {} of the column '{}' is beyond the numbers that a double tells apart",
                    vocabulary.levels()[i], column.name));
  }
}

// The integers that Column::integers would hold. A missing value gives any.
Tensor add_integers(OnnxGraph& graph, const InputColumn& column) {
  Tensor value = column.tensor;
  if (column.type.scale > 0) {
    const auto power = static_cast<double>(kPowersOfTen[column.type.scale]);
    value = graph.apply("Mul", {value, graph.scalar(column.name + "/power", power)}, column.name + "/digits");
    value = graph.apply("Round", {value}, column.name + "/rounded");
  }
  return graph.cast(value, onnx::TensorProto::INT64, column.name + "/integer");
}

Tensor add_integer_index(OnnxGraph& graph, const InputColumn& column, const Vocabulary& vocabulary) {
  const Column values = values_of(vocabulary, column);
  check_exact(column, vocabulary, values);
  return graph.apply(
      "LabelEncoder", {add_integers(graph, column)}, column.name + "/level",
      {attribute("keys_int64s", values.integers), attribute("values_int64s", indices_of(vocabulary)),
       attribute("default_int64", std::int64_t{Vocabulary::kRare})});
}

// LabelEncoder takes no doubles: each row is compared with each level, and the one that matches, if any, adds
// what its index is more than that of an unknown one.
Tensor add_real_index(OnnxGraph& graph, const InputColumn& column, const Vocabulary& vocabulary) {
  const Column values = values_of(vocabulary, column);
  const auto levels = static_cast<std::int64_t>(values.size());
  std::vector<float> steps(values.size());
  std::iota(steps.begin(), steps.end(), static_cast<float>(Vocabulary::kFirstLevel - Vocabulary::kRare));
  const Tensor matches = graph.apply(
      "Equal", {column.tensor, graph.constant(column.name + "/levels", std::span(values.reals), {1, levels})},
      column.name + "/is_level");
  const Tensor found =
      graph.apply("MatMul",
                  {graph.cast(matches, onnx::TensorProto::FLOAT, column.name + "/matches"),
                   graph.constant(column.name + "/steps", std::span<const float>(steps), {levels, 1})},
                  column.name + "/step");
  return graph.apply("Add",
                     {graph.cast(found, onnx::TensorProto::INT64, column.name + "/found"),
                      graph.scalar(column.name + "/unknown", std::int64_t{Vocabulary::kRare})},
                     column.name + "/level");
}

}  // namespace

Tensor add_is_missing(OnnxGraph& graph, const InputColumn& column) {
  return graph.apply("IsNaN", {column.tensor}, column.name + "/is_missing");
}

Tensor add_level_index(OnnxGraph& graph, const InputColumn& column, const Vocabulary& vocabulary) {
  if (column.type.kind == TypeKind::kText) return add_text_index(graph, column, vocabulary);
  const bool real = column.type.kind == TypeKind::kReal;
  const Tensor present =
      real ? add_real_index(graph, column, vocabulary) : add_integer_index(graph, column, vocabulary);
  return graph.apply("Where",
                     {add_is_missing(graph, column),
                      graph.scalar(column.name + "/missing", std::int64_t{Vocabulary::kMissing}), present},
                     column.name + "/index");
}

}  // namespace millrace
