// What a model's artifact says of the rows that it was trained and tested on.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "drift/column_distribution.hpp"
#include "packaging/artifact.hpp"

namespace millrace {

struct Reference {
  std::vector<ColumnDistribution> inputs;                      // of training rows
  ColumnDistribution target;                                   // of training rows
  std::vector<ColumnDistribution> predictions;                 // of test rows; empty where there were none
  std::map<std::string, double> metrics;                       // of test rows
  std::map<std::string, std::pair<double, double>> intervals;  // of these, 95 %; of some or none of them
};

// A model with its reference.
struct MonitoredModel {
  Artifact artifact;
  Reference reference;

  [[nodiscard]] std::string name() const;  // "churn/7"
};
// Throws kNoReference where an earlier version made the artifact, and what reading artifacts throws.
MonitoredModel read_monitored_model(const std::string& path);

}  // namespace millrace
