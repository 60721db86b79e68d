#include "evaluation/gate.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "evaluation/metrics.hpp"

namespace millrace {

namespace {

using Metrics = std::map<std::string, double>;

// Keeps 0.85 − 0.848 from being more than 0.002.
constexpr double kRounding = 1e-12;

// The first is the default.
std::vector<std::string> metrics_of(Task task) {
  switch (task) {
    case Task::kBinary:
      return {"auc", "accuracy", "calibration_error", "f1", "log_loss", "precision", "recall"};
    case Task::kMulticlass:
      return {"accuracy", "f1", "log_loss"};
    case Task::kRegression:
      break;
  }
  return {"rmse", "mae", "r2"};
}

std::optional<double> defined(const Metrics& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  if (found == metrics.end() || !std::isfinite(found->second)) return std::nullopt;
  return found->second;
}

// Why the figure by itself is not good enough; empty where it is.
std::string limit_missed(const GateConfig& gate, const std::string& metric, double value) {
  if (gate.min && value < *gate.min) {
    return fmt::format("{} {:.6g} is below the minimum of {:.6g} (evaluation.gate.min)", metric, value,
                       *gate.min);
  }
  if (gate.max && value > *gate.max) {
    return fmt::format("{} {:.6g} is above the maximum of {:.6g} (evaluation.gate.max)", metric, value,
                       *gate.max);
  }
  return "";
}

std::string comparison(const std::string& metric, double candidate, double champion) {
  if (candidate == champion) return fmt::format("{} {:.6g} equals the champion's", metric, candidate);
  const bool better = (candidate > champion) == larger_is_better(metric);
  return fmt::format("{} {:.6g} is {} than the champion's {:.6g} by {:.3g}", metric, candidate,
                     better ? "better" : "worse", champion, std::abs(candidate - champion));
}

// Errors in the target's units have no scale of their own: there the allowance is a share of the champion's
// error.
double allowance(const GateConfig& gate, const std::string& metric, double champion) {
  return metric == "rmse" || metric == "mae" ? gate.not_worse_by * champion : gate.not_worse_by;
}

bool worse_than_allowed(const GateConfig& gate, const std::string& metric, double candidate,
                        double champion) {
  const double loss = larger_is_better(metric) ? champion - candidate : candidate - champion;
  return loss >
         allowance(gate, metric, champion) + kRounding * std::max(std::abs(candidate), std::abs(champion));
}

void compare(const GateConfig& gate, GateVerdict& verdict) {
  verdict.reason = comparison(verdict.metric, verdict.candidate, *verdict.champion);
  verdict.passed = !worse_than_allowed(gate, verdict.metric, verdict.candidate, *verdict.champion);
  if (!verdict.passed) {
    verdict.reason += fmt::format(", more than the {:.3g} allowed (evaluation.gate.not_worse_by)",
                                  allowance(gate, verdict.metric, *verdict.champion));
  }
}

}  // namespace

std::string metric_for(const std::string& task, const std::string& chosen, const std::string& key) {
  const std::vector<std::string> known = metrics_of(parse_task(task));
  if (chosen.empty()) return known.front();
  if (std::ranges::find(known, chosen) == known.end()) {
    throw Error(Topic::kUnknownName, "{}: '{}' is no metric of a {} model{}; there are {}", key, chosen, task,
                suggestion(chosen, known), join(known, ", "));
  }
  return chosen;
}

GateVerdict judge(const std::optional<GateConfig>& gate, const std::string& task, const Metrics& candidate,
                  const std::optional<Metrics>& champion) {
  GateVerdict verdict;
  verdict.reason = "there is no gate (evaluation.gate)";
  if (!gate) return verdict;
  verdict.metric = metric_for(task, gate->metric, "evaluation.gate.metric");
  const std::optional<double> value = defined(candidate, verdict.metric);
  if (!value) {
    verdict.passed = false;
    verdict.reason =
        fmt::format("{} is not defined on these test rows: too few, or of one class", verdict.metric);
    return verdict;
  }
  verdict.candidate = *value;
  if (champion) verdict.champion = defined(*champion, verdict.metric);
  verdict.reason = limit_missed(*gate, verdict.metric, *value);
  if (!verdict.reason.empty()) {
    verdict.passed = false;
  } else if (verdict.champion) {
    compare(*gate, verdict);
  } else {
    verdict.reason = fmt::format("{} {:.6g}; there is no champion to compare with", verdict.metric, *value);
  }
  return verdict;
}

void to_json(Json& json, const GateVerdict& verdict) {
  json = {{"passed", verdict.passed},
          {"metric", verdict.metric},
          {"candidate", verdict.candidate},
          {"champion", verdict.champion ? Json(*verdict.champion) : Json()},
          {"reason", verdict.reason}};
}

void from_json(const Json& json, GateVerdict& verdict) {
  const std::string what = "gate verdict";
  verdict.passed = json_get<bool>(json, "passed", what);
  verdict.metric = json_get<std::string>(json, "metric", what);
  verdict.candidate = json_get<double>(json, "candidate", what);
  verdict.champion.reset();
  if (json.contains("champion") && !json["champion"].is_null()) {
    verdict.champion = json_get<double>(json, "champion", what);
  }
  verdict.reason = json_get<std::string>(json, "reason", what);
}

}  // namespace millrace
