// A small model with the reference of rows that are written here.
#pragma once

#include <string>
#include <vector>

#include "monitoring/observation.hpp"
#include "support/example_artifact.hpp"
#include "support/tables.hpp"

namespace millrace::testing_support {

// Ages 20 to 79, two contracts, two cities, some days; `shift` moves ages and contracts.
inline std::string example_csv(std::size_t rows, int shift, bool with_target = false) {
  std::string text = with_target ? "age,contract,city,since,churn\n" : "age,contract,city,since\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t r = (i * 7919 + 13) % 10007;
    const std::string age =
        r % 50 == 0 ? "" : std::to_string(20 + (r % 60) + static_cast<std::size_t>(shift));
    const bool yearly = r % 10 < (shift == 0 ? 3U : 8U);
    text += fmt::format("{},{},{},200{}-03-0{}", age, yearly ? "yearly" : "monthly",
                        r % 3 == 0 ? "Bonn" : "Ulm", r % 9, 1 + r % 9);
    if (with_target) text += r % 4 == 0 ? ",Yes" : ",No";
    text += '\n';
  }
  return text;
}

// Lines of example_csv() as a table of the model's inputs.
inline Table example_inputs(const std::string& csv, const Schema& inputs) {
  std::vector<TextColumn> columns;
  for (const Field& field : inputs) columns.push_back({field.name, field.type, {}});
  std::size_t begin = csv.find('\n') + 1;
  while (begin < csv.size()) {
    const std::size_t end = csv.find('\n', begin);
    std::size_t at = begin;
    for (TextColumn& column : columns) {
      const std::size_t comma = std::min(csv.find(',', at), end);
      column.values.push_back(csv.substr(at, comma - at));
      at = comma + 1;
    }
    begin = end + 1;
  }
  return make_table_of(columns);
}

inline MonitoredModel example_model(std::size_t rows = 3000, const std::string& task = "binary") {
  MonitoredModel model{example_artifact(task), {}};
  const Scorer& scorer = model.artifact.scorer;
  const Table inputs = example_inputs(example_csv(rows, 0), scorer.inputs());
  for (std::size_t i = 0; i < inputs.columns.size(); ++i) {
    ColumnCounter counter({inputs.schema[i].name, inputs.schema[i].type, 0, 0, {}, {}}, kKeptValues);
    counter.add(inputs.columns[i]);
    model.reference.inputs.push_back(counter.distribution());
  }
  model.reference.target = {
      "churn", ColumnType::kText, rows, 0, {}, {{{"No", rows * 3 / 4}, {"Yes", rows / 4}}, 0}};
  Scorer::Workspace workspace;
  std::vector<float> predictions;
  scorer.predict(inputs, workspace, predictions);
  Column outputs(ColumnType::kReal);
  for (std::size_t i = 0; i < predictions.size(); i += scorer.outputs()) outputs.append_real(predictions[i]);
  ColumnCounter counter({"Yes", ColumnType::kReal, 0, 0, {}, {}}, kKeptValues);
  counter.add(outputs);
  model.reference.predictions = {counter.distribution()};
  model.reference.metrics = {{"auc", 0.9}, {"accuracy", 0.8}, {"calibration_error", 0.02}};
  return model;
}

}  // namespace millrace::testing_support
