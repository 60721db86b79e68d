#include "model/scorer.hpp"

#include "config/pipeline_config.hpp"

namespace millrace {

namespace {

void check_fit(const FeaturePlan& plan, const NetworkSpec& spec) {
  const auto tables = plan.embeddings();
  bool fits = plan.n_numeric() == spec.n_numeric && tables.size() == spec.embeddings.size();
  for (std::size_t t = 0; fits && t < tables.size(); ++t) {
    fits =
        tables[t].first == spec.embeddings[t].cardinality && tables[t].second == spec.embeddings[t].dimension;
  }
  if (!fits) throw internal_error("the feature plan and the network do not fit each other");
}

std::uint32_t output_count(const TargetPlan& target) {
  return target.task == "multiclass" ? static_cast<std::uint32_t>(target.classes.size()) : 1;
}

}  // namespace

Scorer::Scorer(FeaturePlan plan, Network network) : plan_(std::move(plan)), network_(std::move(network)) {
  check_fit(plan_, network_.spec());
}

void Scorer::predict(const Table& table, Workspace& workspace, std::vector<float>& predictions) const {
  plan_.apply(table, workspace.features);
  predict(workspace.features, workspace.network, predictions);
}

void Scorer::predict(const FeatureRows& features, Network::Workspace& workspace,
                     std::vector<float>& predictions) const {
  predictions.resize(features.rows * outputs());
  network_.forward({features.rows, features.numeric, features.categorical}, workspace, predictions);
  finish(predictions);
}

void Scorer::finish(std::span<float> logits) const {
  logits_to_predictions(network_.spec().task, outputs(), logits);
  if (network_.spec().task != Task::kRegression) return;
  for (float& value : logits) {
    value = static_cast<float>(value * plan_.target.deviation + plan_.target.mean);
  }
}

NetworkSpec make_network_spec(const FeaturePlan& plan, const ModelConfig& config) {
  NetworkSpec spec;
  spec.task = parse_task(plan.target.task);
  spec.n_numeric = static_cast<std::uint32_t>(plan.n_numeric());
  for (const auto& [cardinality, dimension] : plan.embeddings()) {
    spec.embeddings.push_back({cardinality, dimension});
  }
  spec.hidden = config.hidden;
  spec.n_outputs = output_count(plan.target);
  spec.activation = parse_activation(config.activation);
  spec.dropout = config.dropout;
  spec.skip = config.skip;
  return spec;
}

}  // namespace millrace
