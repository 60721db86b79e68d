// The gate: may this model take the champion's place?
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

struct GateVerdict {
  bool passed = true;
  std::string metric;
  double candidate = 0;
  std::optional<double> champion;  // on the same test rows
  std::string reason;              // one sentence for people
};
void to_json(Json& json, const GateVerdict& verdict);
void from_json(const Json& json, GateVerdict& verdict);

// `chosen`, or the task's own metric (auc, accuracy, rmse) where that is empty. Throws kUnknownName, naming the
// configuration's `key`, where it is none of the task's.
std::string metric_for(const std::string& task, const std::string& chosen, const std::string& key);

// `champion`: its metrics on the same test rows, or nothing where there is none. Without a gate everything
// passes. Throws kUsage where the metric is not one of the task's.
// `not_worse_by` is absolute for metrics without unit, a share of the champion's error for rmse and mae.
GateVerdict judge(const std::optional<GateConfig>& gate, const std::string& task,
                  const std::map<std::string, double>& candidate,
                  const std::optional<std::map<std::string, double>>& champion);

}  // namespace millrace
