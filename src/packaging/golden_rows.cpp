#include <cmath>

#include "base/topics.hpp"
#include "packaging/artifact.hpp"

namespace millrace {

namespace {

constexpr double kTolerance = 1e-5;

Table golden_table(const Artifact& artifact) {
  try {
    return table_from_json_rows(artifact.golden.rows, artifact.scorer.plan().input_schema());
  } catch (const Error& error) {
    throw Error(Topic::kDamagedArtifact, "the golden rows do not fit the model's inputs: {}",
                error.message());
  }
}

bool agree(double found, double expected) {
  return std::abs(found - expected) <= kTolerance * std::max(1.0, std::abs(expected));  // false for NaN
}

}  // namespace

void check_golden_rows(const Artifact& artifact) {
  const Table table = golden_table(artifact);
  Scorer::Workspace workspace;
  std::vector<float> predictions;
  artifact.scorer.predict(table, workspace, predictions);
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const float expected = artifact.golden.predictions.at(i);
    if (agree(predictions[i], expected)) continue;
    throw Error(Topic::kGoldenRows,
                "{}/{} does not give its golden rows' predictions: row {}, output {}: {} instead "
                "of {}",
                artifact.model, artifact.version, i / artifact.scorer.outputs() + 1,
                i % artifact.scorer.outputs() + 1, predictions[i], expected);
  }
}

}  // namespace millrace
