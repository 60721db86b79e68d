// The search for better settings: docs/tuning.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace millrace {

// What any key of the configuration may be set to, a list or a map too: as canonical JSON, which YAML reads.
struct AnyValue {
  std::string json;

  bool operator==(const AnyValue&) const = default;
};

// What one key may be: one of uniform, loguniform, int and choice.
struct TuningParameter {
  using Bounds = std::optional<std::pair<double, double>>;

  Bounds uniform;
  Bounds loguniform;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> integer;  // both ends included
  std::vector<AnyValue> choice;
  std::optional<double> step;                         // of uniform and loguniform, counted from the low end
  std::map<std::string, std::vector<AnyValue>> when;  // other parameters, and values at which this one counts
};

struct TuningScheduler {
  std::string kind = "asha";                // asha, median, none
  std::optional<std::uint32_t> max_epochs;  // nothing: training.epochs
  std::uint32_t grace = 1;
  std::uint32_t factor = 4;
};

struct TuningLimits {
  std::optional<double> seconds;
  std::optional<std::uint64_t> epochs;
  std::optional<double> cost;  // in cost.currency
};

struct TuningConfig {
  std::string name;  // empty: the pipeline's name
  std::map<std::string, TuningParameter> space;
  std::string search = "tpe";  // tpe, random, grid
  std::uint32_t trials = 50;
  std::uint64_t seed = 1;
  std::string metric;  // empty: auc, accuracy or rmse by task
  TuningScheduler scheduler;
  std::uint32_t startup = 10;  // trials before tpe looks at results
  std::uint32_t lag = 4;
  std::uint32_t ranks_per_trial = 1;
  TuningLimits limits;
};

}  // namespace millrace
