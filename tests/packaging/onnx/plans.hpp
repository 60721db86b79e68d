// Scorers for the tests of packaging/onnx/.
#pragma once

#include "model/scorer.hpp"

namespace millrace::testing_support {

inline NetworkSpec spec_for(const FeaturePlan& plan) {
  NetworkSpec spec;
  spec.task = parse_task(plan.target.task);
  spec.n_numeric = static_cast<std::uint32_t>(plan.n_numeric());
  for (const auto& [cardinality, dimension] : plan.embeddings())
    spec.embeddings.push_back({cardinality, dimension});
  spec.n_outputs =
      plan.target.task == "multiclass" ? static_cast<std::uint32_t>(plan.target.classes.size()) : 1;
  return spec;
}

inline Scorer scorer_of(FeaturePlan plan, const NetworkSpec& spec, std::uint64_t seed = 1) {
  return {std::move(plan), Network(spec, initial_parameters(spec, seed))};
}

inline TargetPlan target_of(const std::string& task) {
  TargetPlan target;
  target.column = "outcome";
  target.task = task;
  if (task == "binary") target.classes = {"No", "Yes"};
  if (task == "multiclass") target.classes = {"a", "b", "c"};
  return target;
}

// Every type of column as a number, in bins, one-hot and embedded, as far as the type goes.
inline FeaturePlan plan_of_everything(const std::string& task) {
  const NumericTransform number{
      .impute = 1, .indicator = true, .clip = std::pair(-5.0, 5.0), .log1p = true, .mean = 2, .deviation = 3};
  const std::vector<std::pair<ColumnType, std::vector<std::string>>> types{
      {ColumnType::kBoolean, {"true", "false"}},
      {ColumnType::kInteger, {"-7", "12"}},
      {ColumnType::kReal, {"0.1", "1e+300"}},
      {ColumnType::decimal(6, 2), {"12.50", "-0.07"}},
      {ColumnType::kDate, {"2024-02-29", "1969-12-31"}},
      {ColumnType::kTimestamp, {"2024-02-29T12:00:00.000001Z"}},
      {ColumnType::kText, {"red", "Zürich", "two\nlines"}}};
  FeaturePlan plan;
  for (const auto& [type, levels] : types) {
    const std::string name = "a " + to_string(type);
    if (is_numeric(type)) plan.steps.push_back({name, type, number});
    if (is_numeric(type)) plan.steps.push_back({name, type, Bins{{-1, 0, 10'000}, 2}});
    plan.steps.push_back({name, type, OneHot{Vocabulary(levels), true, type == ColumnType::kText}});
    plan.steps.push_back({name, type, Embedding{Vocabulary(levels), 3}});
  }
  plan.target = target_of(task);
  return plan;
}

}  // namespace millrace::testing_support
