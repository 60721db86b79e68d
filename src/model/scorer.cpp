#include "model/scorer.hpp"

#include <algorithm>
#include <cmath>

#include "base/topics.hpp"
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

// Room for the sums of some layers before float32 overflows, after which infinities cancel each other unseen.
constexpr float kLargestFeature = 1e30F;

const std::string& column_of_feature(const FeaturePlan& plan, std::size_t feature) {
  auto step = plan.steps.begin();
  for (; feature >= step->numeric_width(); ++step) feature -= step->numeric_width();
  return step->column;
}

// The rows with a feature that is too large, each with the column of the first one.
std::vector<Scorer::UnfitRow> find_unfit(const FeatureRows& features, const FeaturePlan& plan) {
  std::vector<Scorer::UnfitRow> unfit;
  const auto fits = [](float value) { return std::abs(value) <= kLargestFeature; };
  const auto begin = features.numeric.begin();
  for (auto bad = std::find_if_not(begin, features.numeric.end(), fits); bad != features.numeric.end();) {
    const auto at = static_cast<std::size_t>(bad - begin);
    const std::size_t row = at / features.n_numeric;
    unfit.push_back({row, column_of_feature(plan, at % features.n_numeric)});
    const auto next = begin + static_cast<std::ptrdiff_t>((row + 1) * features.n_numeric);
    bad = std::find_if_not(next, features.numeric.end(), fits);
  }
  return unfit;
}

void require_finite(const std::vector<float>& predictions, std::size_t outputs,
                    const std::vector<Scorer::UnfitRow>& unfit) {
  const auto is_finite = [](float value) { return std::isfinite(value); };
  auto bad = std::find_if_not(predictions.begin(), predictions.end(), is_finite);
  for (; bad != predictions.end(); bad = std::find_if_not(bad + 1, predictions.end(), is_finite)) {
    const auto row = static_cast<std::size_t>(bad - predictions.begin()) / outputs;
    if (std::ranges::binary_search(unfit, row, {}, &Scorer::UnfitRow::row)) continue;
    throw internal_error("the model's prediction for row {} is not finite", row + 1);
  }
}

std::uint32_t output_count(const TargetPlan& target) {
  return target.task == "multiclass" ? static_cast<std::uint32_t>(target.classes.size()) : 1;
}

}  // namespace

Scorer::Scorer(FeaturePlan plan, Network network)
    : plan_(std::move(plan)),
      inputs_(plan_.input_schema()),
      positions_(plan_.positions_in(inputs_)),
      network_(std::move(network)) {
  check_fit(plan_, network_.spec());
}

void Scorer::apply(const Table& table, FeatureRows& features) const {
  if (table.schema == inputs_) return plan_.apply(table, positions_, features);
  plan_.apply(table, features);
}

void Scorer::predict(const Table& table, Workspace& workspace, std::vector<float>& predictions) const {
  apply(table, workspace.features);
  predict(workspace.features, workspace.network, predictions);
}

void Scorer::answer(const Table& table, Workspace& workspace, std::vector<float>& predictions) const {
  std::vector<UnfitRow> unfit;
  answer(table, workspace, predictions, unfit);
  if (unfit.empty()) return;
  throw Error(Topic::kNumberTooLarge, "row {}, column '{}': the number is too large for the model",
              unfit.front().row + 1, unfit.front().column);
}

void Scorer::answer(const Table& table, Workspace& workspace, std::vector<float>& predictions,
                    std::vector<UnfitRow>& unfit) const {
  apply(table, workspace.features);
  unfit = find_unfit(workspace.features, plan_);
  predict(workspace.features, workspace.network, predictions);
  require_finite(predictions, outputs(), unfit);
}

void Scorer::predict(const FeatureRows& features, Network::Workspace& workspace,
                     std::vector<float>& predictions) const {
  predictions.resize(features.rows * outputs());
  forward({features.rows, features.numeric, features.categorical}, workspace, predictions);
  finish(predictions);
}

void Scorer::forward(const BatchView& batch, Network::Workspace& workspace, std::span<float> logits) const {
  if (device_ != nullptr && device_->forward(batch, logits)) return;
  network_.forward(batch, workspace, logits);
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
