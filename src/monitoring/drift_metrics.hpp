// A report as Prometheus reads it from a text file.
#pragma once

#include <string>

#include "monitoring/drift_report.hpp"

namespace millrace {

// Gauges millrace_drift_psi, millrace_drift_missing_ratio, millrace_drift_new_levels_ratio,
// millrace_drift_score and millrace_drift_detected {model, column}; millrace_drift_level (0 none … 3
// retrain), _rows, _columns_ratio and _last_look_timestamp_seconds {model}; with late labels
// millrace_performance {model, metric} and millrace_performance_fall. `model` is the model without its
// version: series outlive versions.
std::string drift_metrics(const DriftReport& report, double now);

}  // namespace millrace
