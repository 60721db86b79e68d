// A small model with every kind of input and its golden rows, for tests of packaging/ and what lies above.
#pragma once

#include <string>

#include "packaging/artifact.hpp"

namespace millrace::testing_support {

inline FeaturePlan example_plan(const std::string& task = "binary") {
  FeaturePlan plan;
  NumericTransform age{
      .impute = 40.0, .indicator = true, .clip = {}, .log1p = false, .mean = 41, .deviation = 9};
  plan.steps.push_back({"age", ColumnType::kInteger, age});
  plan.steps.push_back(
      {"contract", ColumnType::kText, OneHot{Vocabulary({"monthly", "yearly"}), true, true}});
  plan.steps.push_back({"city", ColumnType::kText, Embedding{Vocabulary({"Ulm", "Bonn"}), 3}});
  plan.steps.push_back({"since", ColumnType::kDate, Bins{{10'000, 15'000}, 2}});
  plan.target.column = "churn";
  plan.target.task = task;
  if (task == "binary") plan.target.classes = {"No", "Yes"};
  if (task == "multiclass") plan.target.classes = {"a", "b", "c"};
  return plan;
}

inline Scorer example_scorer(const std::string& task = "binary", std::uint64_t seed = 1) {
  FeaturePlan plan = example_plan(task);
  NetworkSpec spec;
  spec.task = parse_task(task);
  spec.n_numeric = static_cast<std::uint32_t>(plan.n_numeric());
  for (const auto& [cardinality, dimension] : plan.embeddings()) {
    spec.embeddings.push_back({cardinality, dimension});
  }
  spec.hidden = {8};
  spec.n_outputs = task == "multiclass" ? 3 : 1;
  Network network(spec, initial_parameters(spec, seed));
  return {std::move(plan), std::move(network)};
}

inline Json example_rows() {
  return Json::array({{{"age", 33}, {"contract", "monthly"}, {"city", "Ulm"}, {"since", "2001-02-03"}},
                      {{"age", nullptr}, {"contract", "never seen"}},
                      Json::object()});
}

inline Artifact example_artifact(const std::string& task = "binary", std::uint64_t version = 7,
                                 std::uint64_t seed = 1) {
  Artifact artifact{"churn", version, {{"dataset", "abc"}}, example_scorer(task, seed), {example_rows(), {}}};
  Scorer::Workspace workspace;
  artifact.scorer.predict(table_from_json_rows(artifact.golden.rows, artifact.scorer.plan().input_schema()),
                          workspace, artifact.golden.predictions);
  return artifact;
}

}  // namespace millrace::testing_support
