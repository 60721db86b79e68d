// What the comparison of an observation with a reference says, column by column and in all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/monitoring_config.hpp"
#include "drift/column_drift.hpp"
#include "monitoring/observation.hpp"
#include "monitoring/performance.hpp"

namespace millrace {

// What was looked at, in words and times.
struct ObservedWindow {
  std::string source;  // "requests of churn", "day-06.csv"
  std::string from;    // RFC 3339; "" where the rows have no times
  std::string until;
  std::string against;  // "its training rows", "the same weekday of 4 earlier weeks"
};

struct DriftReport {
  std::string model;  // "churn/7"
  ObservedWindow window;
  std::uint64_t rows = 0;
  std::uint64_t rejected = 0;
  bool enough = true;                // at least monitoring.min_rows
  std::vector<ColumnDrift> columns;  // inputs, in the model's order
  std::vector<ColumnDrift> predictions;
  std::optional<ColumnDrift> target;
  std::vector<AbsentColumn> absent;
  std::size_t compared = 0;  // inputs
  std::size_t drifted = 0;   // of these, by their tests
  bool dataset_drift = false;
  std::optional<Performance> performance;
  DriftLevel level = DriftLevel::kNone;
  std::vector<std::string> causes;  // of the level: "tenure (index 0.312)"

  [[nodiscard]] double drifted_share() const;
};

// Columns whose monitoring.columns.NAME.ignore is true are left out. With fewer rows than
// monitoring.min_rows nothing is compared and the level is kNone.
DriftReport compare(const Reference& reference, const Observation& seen, const MonitoringConfig& monitoring);

// Takes what late labels say into the report and its level.
void add_performance(DriftReport& report, const Performance& performance);

// As `millrace monitor --json` prints it: docs/monitoring.md.
Json to_document(const DriftReport& report);
// For people: a table, the columns with the highest indices first, and the verdict.
std::string report_text(const DriftReport& report);
// One line: "retrain: tenure (index 0.312), Contract (6.0 % of new levels)".
std::string verdict_text(const DriftReport& report);

}  // namespace millrace
