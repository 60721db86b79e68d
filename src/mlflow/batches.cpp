#include "mlflow/batches.hpp"

#include <algorithm>
#include <cmath>

#include "mlflow/names.hpp"

namespace millrace::mlflow {

namespace {

Json to_json(const Metric& metric) {
  return {{"key", fitting_name(metric.name)},
          {"value", metric.value},
          {"timestamp", metric.time},
          {"step", metric.step}};
}

// Requests with at most `most` items each, and as many bytes as a request may have.
void add_batches(const std::string& run_id, const char* kind, const Json& items, std::size_t most,
                 std::vector<Json>& batches) {
  const Json empty{{"run_id", run_id}, {kind, Json::array()}};
  const std::size_t around = canonical_json(empty).size();
  std::size_t size = 0;
  for (const Json& item : items) {
    const std::size_t more = canonical_json(item).size() + 1;  // and a comma
    const bool begins = size == 0 || batches.back()[kind].size() == most || size + more > kRequestLimit;
    if (begins) batches.push_back(empty);
    size = (begins ? around : size) + more;
    batches.back()[kind].push_back(item);
  }
}

}  // namespace

Json to_pairs(const Pairs& pairs, std::size_t value_limit) {
  Json list = Json::array();
  for (const auto& [name, value] : pairs) {
    list.push_back({{"key", fitting_name(name)}, {"value", fitting_value(value, value_limit)}});
  }
  return list;
}

std::vector<Json> log_batches(const std::string& run_id, const std::vector<Metric>& metrics,
                              const Pairs& parameters, const Pairs& tags) {
  std::vector<Json> batches;
  Json numbers = Json::array();
  for (const Metric& metric : metrics) {
    if (std::isfinite(metric.value)) numbers.push_back(to_json(metric));
  }
  add_batches(run_id, "metrics", numbers, kMetricsLimit, batches);
  add_batches(run_id, "params", to_pairs(parameters, kParameterLimit), kParametersLimit, batches);
  add_batches(run_id, "tags", to_pairs(tags, kTagLimit), kTagsLimit, batches);
  return batches;
}

}  // namespace millrace::mlflow
