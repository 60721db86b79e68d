#include "serving/served_model.hpp"

#include <algorithm>
#include <cmath>

namespace millrace {

namespace {

// Room for the sums of some layers before float32 overflows, after which infinities cancel each other unseen.
constexpr float kLargestFeature = 1e30F;

const std::string& column_of_feature(const FeaturePlan& plan, std::size_t feature) {
  auto step = plan.steps.begin();
  for (; feature >= step->numeric_width(); ++step) feature -= step->numeric_width();
  return step->column;
}

void check_features(const FeatureRows& features, const FeaturePlan& plan) {
  const auto bad = std::find_if_not(features.numeric.begin(), features.numeric.end(),
                                    [](float value) { return std::abs(value) <= kLargestFeature; });
  if (bad == features.numeric.end()) return;
  const auto at = static_cast<std::size_t>(bad - features.numeric.begin());
  throw usage_error("row {}, column '{}': the number is too large for the model", at / features.n_numeric + 1,
                    column_of_feature(plan, at % features.n_numeric));
}

}  // namespace

ServedModel::ServedModel(Artifact artifact, std::shared_ptr<ModelMetrics> metrics)
    : artifact_(std::move(artifact)),
      version_(std::to_string(artifact_.version)),
      inputs_(artifact_.scorer.plan().input_schema()),
      metrics_(std::move(metrics)) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) input_index_.emplace(inputs_[i].name, i);
}

std::optional<std::size_t> ServedModel::find_input(std::string_view name) const {
  const auto found = input_index_.find(name);
  return found == input_index_.end() ? std::nullopt : std::optional(found->second);
}

const std::string& ServedModel::likeliest_class(std::span<const float> row) const {
  if (task() == Task::kBinary) return classes().at(row[0] >= 0.5F ? 1 : 0);
  return classes().at(static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin()));
}

std::span<const float> ServedModel::predict(const Table& table) const {
  thread_local Scorer::Workspace workspace;
  thread_local std::vector<float> predictions;
  const Scorer& scorer = artifact_.scorer;
  scorer.plan().apply(table, workspace.features);
  check_features(workspace.features, scorer.plan());
  scorer.predict(workspace.features, workspace.network, predictions);
  const auto bad = std::find_if_not(predictions.begin(), predictions.end(),
                                    [](float value) { return std::isfinite(value); });
  if (bad != predictions.end()) {
    const auto row = static_cast<std::size_t>(bad - predictions.begin()) / outputs();
    throw internal_error("the model's prediction for row {} is not finite", row + 1);
  }
  return predictions;
}

std::shared_ptr<const ServedModel> load_model(const std::string& path, Metrics& metrics) {
  Artifact artifact = read_artifact(path);
  with_context("artifact '" + path + "'", [&] { check_golden_rows(artifact); });
  auto counts = metrics.of(artifact.model, artifact.version);
  return std::make_shared<const ServedModel>(std::move(artifact), std::move(counts));
}

}  // namespace millrace
