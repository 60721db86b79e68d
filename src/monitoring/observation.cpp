#include "monitoring/observation.hpp"

#include <algorithm>

namespace millrace {

namespace {

// Which of the reference's predictions can be counted again: two classes are told apart by a probability
// alone, since the border between them is each user's.
std::vector<ColumnDistribution> countable(const MonitoredModel& model) {
  std::vector<ColumnDistribution> columns = model.reference.predictions;
  if (model.artifact.scorer.plan().target.task == "binary")
    columns.resize(std::min<std::size_t>(columns.size(), 1));
  return columns;
}

std::vector<ColumnCounter> counters_for(const std::vector<ColumnDistribution>& columns) {
  std::vector<ColumnCounter> counters;
  for (const ColumnDistribution& column : columns) counters.emplace_back(column, kept_values(columns.size()));
  return counters;
}

std::vector<ColumnDistribution> distributions_of(const std::vector<ColumnCounter>& counters) {
  std::vector<ColumnDistribution> columns;
  for (const ColumnCounter& counter : counters) columns.push_back(counter.distribution());
  return columns;
}

std::string packed(const Json& json) {
  std::string bytes;
  Json::to_cbor(json, bytes);
  return bytes;
}

}  // namespace

Observer::Observer(const MonitoredModel& model)
    : model_(&model),
      inputs_(counters_for(model.reference.inputs)),
      predictions_(counters_for(countable(model))),
      target_(model.reference.target, kKeptValues) {}

void Observer::add_inputs(const Table& inputs, const std::vector<std::uint8_t>& keep) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) inputs_[i].add(inputs.columns[i], keep);
}

void Observer::add_target(const Column& target, const std::vector<std::uint8_t>& keep) {
  knows_target_ = true;
  target_.add(target, keep);
}

Column Observer::output_column(std::span<const float> predictions, std::size_t output) const {
  Column column(ColumnType::kReal);
  for (std::size_t i = output; i < predictions.size(); i += model_->artifact.scorer.outputs())
    column.append_real(predictions[i]);
  return column;
}

Column Observer::class_column(std::span<const float> predictions) const {
  const std::vector<std::string>& classes = model_->artifact.scorer.plan().target.classes;
  Column column(ColumnType::kText);
  for (const std::string& name : classes) column.dictionary.push_back(name);
  for (std::size_t row = 0; row < predictions.size(); row += classes.size()) {
    const auto of_row = predictions.subspan(row, classes.size());
    column.codes.push_back(static_cast<std::int32_t>(std::ranges::max_element(of_row) - of_row.begin()));
  }
  column.valid.assign(column.codes.size(), 1);
  return column;
}

void Observer::add_predictions(std::span<const float> predictions, const std::vector<std::uint8_t>& keep) {
  for (std::size_t i = 0; i < predictions_.size(); ++i) {
    const bool is_class = i == model_->artifact.scorer.outputs();
    predictions_[i].add(is_class ? class_column(predictions) : output_column(predictions, i), keep);
  }
}

void Observer::add_logged(const Column& predictions, const Column& classes) {
  if (predictions_.empty()) return;
  model_->artifact.scorer.outputs() == 1 ? predictions_.front().add(predictions)
                                         : predictions_.back().add(classes);
}

void Observer::merge(const Observer& other) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) inputs_[i].merge(other.inputs_[i]);
  for (std::size_t i = 0; i < predictions_.size(); ++i) predictions_[i].merge(other.predictions_[i]);
  target_.merge(other.target_);
  knows_target_ = knows_target_ || other.knows_target_;
  rejected_ += other.rejected_;
}

std::vector<ColumnCounter*> Observer::counters() {
  std::vector<ColumnCounter*> all;
  for (ColumnCounter& counter : inputs_) all.push_back(&counter);
  for (ColumnCounter& counter : predictions_) all.push_back(&counter);
  all.push_back(&target_);
  return all;
}

Observation Observer::observation() const {
  Observation seen;
  seen.inputs = distributions_of(inputs_);
  seen.predictions = distributions_of(predictions_);
  if (knows_target_) seen.target = target_.distribution();
  seen.rows = seen.inputs.empty() ? 0 : seen.inputs.front().rows;
  seen.rejected = rejected_;
  return seen;
}

// In each round every rank becomes the owner of one column, and tells all what came together.
Observation Observer::all_ranks(const Communicator& comm) {
  const auto ranks = static_cast<std::size_t>(comm.size());
  const auto mine = static_cast<std::size_t>(comm.rank());
  const std::vector<ColumnCounter*> all = counters();
  for (std::size_t first = 0; ranks > 1 && first < all.size(); first += ranks) {
    const std::size_t columns = std::min(ranks, all.size() - first);
    std::vector<std::string> to(ranks);
    for (std::size_t r = 0; r < columns; ++r) {
      if (r != mine) to[r] = packed(all[first + r]->state());
    }
    const std::vector<std::string> from = comm.all_to_all(to);
    for (std::size_t r = 0; r < ranks && mine < columns; ++r) {
      if (r != mine) all[first + mine]->merge_state(Json::from_cbor(from[r]));
    }
    const auto told = comm.all_gather(mine < columns ? packed(all[first + mine]->state()) : "");
    for (std::size_t r = 0; r < columns; ++r) {
      if (r != mine) all[first + r]->set_state(Json::from_cbor(told[r]));
    }
  }
  knows_target_ = comm.any(knows_target_);
  rejected_ = comm.all_reduce(rejected_, Reduce::kSum);
  return observation();
}

void to_json(Json& json, const Observation& observation) {
  Json absent = Json::object();
  for (const AbsentColumn& column : observation.absent) absent[column.name] = column.reason;
  json = {{"rows", observation.rows},
          {"rejected", observation.rejected},
          {"inputs", observation.inputs},
          {"predictions", observation.predictions},
          {"absent", absent}};
  if (observation.target) json["target"] = *observation.target;
}

void from_json(const Json& json, Observation& observation) {
  json.at("rows").get_to(observation.rows);
  json.at("rejected").get_to(observation.rejected);
  json.at("inputs").get_to(observation.inputs);
  json.at("predictions").get_to(observation.predictions);
  for (const auto& [name, reason] : json.at("absent").items())
    observation.absent.push_back({name, reason.get<std::string>()});
  if (json.contains("target")) observation.target = json["target"].get<ColumnDistribution>();
}

}  // namespace millrace
