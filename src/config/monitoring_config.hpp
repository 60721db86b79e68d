// What is watched once a model serves, and what follows: docs/monitoring.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/mark.hpp"

namespace millrace {

// Three borders, ascending. What is measured has the highest level whose border it reaches.
struct Ladder {
  double warn = 0.1;
  double alert = 0.15;
  double retrain = 0.2;
};

struct ColumnMonitoring {
  bool ignore = false;
  std::string test;                            // empty: monitoring.test
  std::vector<double> edges;                   // of the bins of numbers; empty: monitoring.bins
  std::optional<double> warn, alert, retrain;  // of the stability index; nothing: monitoring.drift
};

// Labels that come late: CSV with an id a row.
struct LabelsConfig {
  SourceText source;  // a file or glob; empty: there are none
  std::string id = "id";
  std::string label = "label";
  double window = 2592000;  // seconds of answers, up to the look's end, whose labels count
};

// What `millrace watch` takes for new data.
struct WatchConfig {
  double interval = 60;  // seconds between looks
  double settle = 300;   // seconds that a file must have stayed as it is; with a marker it need not
  std::string marker;    // file whose being there says that its folder is complete; empty: none
};

struct PerformanceRule {
  std::string metric;  // empty: auc, accuracy or rmse by task
  double warn = 0.02;
  double alert = 0.05;
  double retrain = 0.1;
};

// What begins a retraining, and what holds it back.
struct RetrainConfig {
  std::string action = "none";       // none, run, submit
  std::vector<std::string> command;  // instead of jobs/slurm/pipeline.sbatch or `millrace run`
  double cooldown = 86400;           // seconds after the last one began
  std::uint32_t max_per_day = 1;
  double every = 0;        // seconds; 0: never by time
  std::uint64_t rows = 0;  // new ones; 0: never by volume
};

struct MonitoringConfig {
  std::string test = "auto";
  std::string bins = "quantile10";
  Ladder drift;                         // population stability index
  Ladder new_levels{0.01, 0.05, 0.1};   // share of values that the reference does not have
  PerformanceRule performance;          // how far the metric has fallen
  Ladder calibration{0.05, 0.1, 0.15};  // rise of the calibration error
  std::uint32_t min_columns = 1;
  double drifted_share = 0.5;
  std::uint64_t min_rows = 500;
  double window = 86400;        // seconds
  std::string season = "none";  // or hour, weekday
  std::uint32_t season_windows = 4;
  LabelsConfig labels;
  RetrainConfig retrain;
  WatchConfig watch;
  std::map<std::string, ColumnMonitoring> columns;
};

}  // namespace millrace
