#include "monitoring/drift_metrics.hpp"

#include <functional>

#include "base/prometheus_text.hpp"

namespace millrace {

namespace {

using ColumnValue = std::function<double(const ColumnDrift&)>;

std::string name_without_version(const std::string& model) {
  return model.substr(0, model.find_last_of('/'));
}

// Inputs by their names, predictions and the target with a word before theirs.
std::vector<std::pair<std::string, const ColumnDrift*>> all_columns(const DriftReport& report) {
  std::vector<std::pair<std::string, const ColumnDrift*>> columns;
  for (const ColumnDrift& drift : report.columns) columns.emplace_back(drift.name, &drift);
  for (const ColumnDrift& drift : report.predictions)
    columns.emplace_back("prediction " + drift.name, &drift);
  if (report.target) columns.emplace_back("target " + report.target->name, &*report.target);
  return columns;
}

void add_column_family(PrometheusText& text, const DriftReport& report, const char* name, const char* help,
                       const ColumnValue& value) {
  text.family(name, "gauge", help);
  const std::string model = name_without_version(report.model);
  for (const auto& [column, drift] : all_columns(report))
    text.sample(name, label_list({{"model", model}, {"column", column}}), value(*drift));
}

void add_family(PrometheusText& text, const DriftReport& report, const char* name, const char* help,
                double value) {
  text.family(name, "gauge", help);
  text.sample(name, label_list({{"model", name_without_version(report.model)}}), value);
}

void add_performance_families(PrometheusText& text, const DriftReport& report) {
  const Performance& performance = *report.performance;
  text.family("millrace_performance", "gauge", "What late labels say of the model, by metric.");
  for (const auto& [metric, value] : performance.metrics)
    text.sample("millrace_performance",
                label_list({{"model", name_without_version(report.model)}, {"metric", metric}}), value);
  add_family(text, report, "millrace_performance_fall", "How much worse the model is than on its test rows.",
             performance.fall);
}

}  // namespace

std::string drift_metrics(const DriftReport& report, double now) {
  PrometheusText text;
  add_column_family(text, report, "millrace_drift_psi",
                    "Population stability index against the training rows.",
                    [](const ColumnDrift& drift) { return drift.index; });
  add_column_family(text, report, "millrace_drift_missing_ratio", "Share of missing values.",
                    [](const ColumnDrift& drift) { return drift.current_missing; });
  add_column_family(text, report, "millrace_drift_new_levels_ratio",
                    "Share of values that the training rows lack.",
                    [](const ColumnDrift& drift) { return drift.new_levels; });
  add_column_family(text, report, "millrace_drift_score", "Of the column's test: a distance, or a p-value.",
                    [](const ColumnDrift& drift) { return drift.score; });
  add_column_family(text, report, "millrace_drift_detected", "1 where the column's test says drift.",
                    [](const ColumnDrift& drift) { return drift.drifted ? 1.0 : 0.0; });
  add_family(text, report, "millrace_drift_level", "0 none, 1 warn, 2 alert, 3 retrain.",
             static_cast<double>(report.level));
  add_family(text, report, "millrace_drift_rows", "Rows that were looked at.",
             static_cast<double>(report.rows));
  add_family(text, report, "millrace_drift_columns_ratio", "Share of the columns whose test says drift.",
             report.drifted_share());
  add_family(text, report, "millrace_drift_last_look_timestamp_seconds", "When that was.", now);
  if (report.performance) add_performance_families(text, report);
  return text.text();
}

}  // namespace millrace
