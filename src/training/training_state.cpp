#include "training/training_state.hpp"

#include <cmath>

namespace millrace {

namespace {

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}
double number_or(const Json& json, const char* key, double otherwise) {
  return json.at(key).is_null() ? otherwise : json.at(key).get<double>();
}

Json record_to_json(const EpochRecord& record) {
  return {{"epoch", record.epoch},
          {"train_loss", number_or_null(record.train_loss)},
          {"validation_loss", number_or_null(record.validation_loss)},
          {"learning_rate", record.learning_rate},
          {"seconds", record.seconds}};
}

EpochRecord record_from_json(const Json& json) {
  const double none = std::nan("");
  return {json.at("epoch").get<std::uint32_t>(), number_or(json, "train_loss", none),
          number_or(json, "validation_loss", none), json.at("learning_rate").get<double>(),
          json.at("seconds").get<double>()};
}

}  // namespace

void to_json(Json& json, const Progress& progress) {
  Json history = Json::array();
  for (const EpochRecord& record : progress.history) history.push_back(record_to_json(record));
  json = {{"step", progress.step},
          {"epoch", progress.epoch},
          {"batch", progress.batch},
          {"epoch_loss", progress.epoch_sums.loss},
          {"epoch_weight", progress.epoch_sums.weight},
          {"epoch_seconds", progress.epoch_seconds},
          {"best_loss", number_or_null(progress.best_loss)},
          {"best_epoch", progress.best_epoch},
          {"history", std::move(history)}};
}

void from_json(const Json& json, Progress& progress) {
  json.at("step").get_to(progress.step);
  json.at("epoch").get_to(progress.epoch);
  json.at("batch").get_to(progress.batch);
  json.at("epoch_loss").get_to(progress.epoch_sums.loss);
  json.at("epoch_weight").get_to(progress.epoch_sums.weight);
  json.at("epoch_seconds").get_to(progress.epoch_seconds);
  progress.best_loss = number_or(json, "best_loss", std::numeric_limits<double>::infinity());
  json.at("best_epoch").get_to(progress.best_epoch);
  progress.history.clear();
  for (const Json& record : json.at("history")) progress.history.push_back(record_from_json(record));
}

}  // namespace millrace
