#include "serving/served_model.hpp"

#include <algorithm>

namespace millrace {

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
  artifact_.scorer.answer(table, workspace, predictions);
  return predictions;
}

std::shared_ptr<const ServedModel> load_model(const std::string& path, Metrics& metrics) {
  Artifact artifact = read_artifact(path);
  with_context("artifact '" + path + "'", [&] { check_golden_rows(artifact); });
  auto counts = metrics.of(artifact.model, artifact.version);
  return std::make_shared<const ServedModel>(std::move(artifact), std::move(counts));
}

}  // namespace millrace
