// A small model with a column of every type, made by hand, with golden rows that hold.
#pragma once

#include <string>
#include <vector>

#include "packaging/artifact.hpp"

namespace millrace::testing_support {

inline NumericTransform scaled_by(double mean, double deviation) {
  NumericTransform transform;
  transform.impute = mean;
  transform.indicator = true;
  transform.mean = mean;
  transform.deviation = deviation;
  return transform;
}

inline FeaturePlan tiny_plan(Task task) {
  FeaturePlan plan;
  const OneHot contract{Vocabulary({"Month-to-month", "One year", "Two year"}), true, true};
  plan.steps = {{"tenure", ColumnType::kInteger, scaled_by(30, 20)},
                {"charges", ColumnType::kReal, scaled_by(60, 30)},
                {"senior", ColumnType::kBoolean, scaled_by(0.2, 0.4)},
                {"contract", ColumnType::kText, contract},
                {"signup", ColumnType::kDate, scaled_by(18000, 700)},
                {"seen", ColumnType::kTimestamp, scaled_by(1.6e15, 5e13)}};
  plan.target.column = "churn";
  plan.target.task = to_string(task);
  if (task == Task::kBinary) plan.target.classes = {"No", "Yes"};
  if (task == Task::kMulticlass) plan.target.classes = {"low", "mid \"quoted\"", "high"};
  if (task == Task::kRegression) {
    plan.target.type = ColumnType::kReal;
    plan.target.mean = 100;
    plan.target.deviation = 10;
  }
  return plan;
}

inline Scorer tiny_scorer(Task task, std::uint64_t seed) {
  FeaturePlan plan = tiny_plan(task);
  NetworkSpec spec;
  spec.task = task;
  spec.n_numeric = static_cast<std::uint32_t>(plan.n_numeric());
  spec.hidden = {8, 4};
  spec.n_outputs = task == Task::kMulticlass ? 3 : 1;
  return {std::move(plan), Network(spec, initial_parameters(spec, seed))};
}

inline std::vector<float> predict(const Scorer& scorer, const Table& table) {
  Scorer::Workspace workspace;
  std::vector<float> predictions;
  scorer.predict(table, workspace, predictions);
  return predictions;
}

// Two rows with a value of every column; one with none.
inline Json golden_rows() {
  return Json::parse(R"([
    {"tenure": 5, "charges": 70.35, "senior": false, "contract": "Month-to-month", "signup": "2021-03-04",
     "seen": "2021-05-06T07:08:09Z"},
    {"tenure": 61, "charges": 20, "senior": true, "contract": "Two year", "signup": "2016-02-29",
     "seen": "2021-05-06T07:08:09.5Z"},
    {}])");
}

inline Artifact tiny_artifact(Task task = Task::kBinary, std::uint64_t version = 7) {
  Artifact artifact{"churn", version, Json::object(), tiny_scorer(task, version), {}};
  artifact.golden.rows = golden_rows();
  const Table table = table_from_json_rows(artifact.golden.rows, artifact.scorer.plan().input_schema());
  artifact.golden.predictions = predict(artifact.scorer, table);
  return artifact;
}

}  // namespace millrace::testing_support
