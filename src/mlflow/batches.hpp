// What a run says to MLflow, cut into requests to runs/log-batch within its limits ("REST API", Log Batch).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace millrace::mlflow {

inline constexpr std::size_t kMetricsLimit = 1000;
inline constexpr std::size_t kParametersLimit = 100;
inline constexpr std::size_t kTagsLimit = 100;
inline constexpr std::size_t kRequestLimit = 1'000'000;  // bytes

struct Metric {
  std::string name;
  double value = 0;
  std::int64_t time = 0;  // milliseconds since 1970
  std::int64_t step = 0;
};

using Pairs = std::map<std::string, std::string>;

// [{"key", "value"}, …], with names and values made to fit.
Json to_pairs(const Pairs& pairs, std::size_t value_limit);

// Bodies of requests, in this order: metrics, parameters, tags. Metrics that are no finite number are left
// out.
std::vector<Json> log_batches(const std::string& run_id, const std::vector<Metric>& metrics,
                              const Pairs& parameters, const Pairs& tags);

}  // namespace millrace::mlflow
