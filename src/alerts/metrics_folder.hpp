// The folder of text files that Prometheus' node exporter reads (--collector.textfile.directory).
#pragma once

#include <string>
#include <string_view>

#include "config/alerts_config.hpp"
#include "storage/objects.hpp"

namespace millrace {

// alerts.metrics, else WORKSPACE/metrics.
std::string metrics_folder(const Workspace& workspace, const AlertsConfig& config);

// FOLDER/millrace_NAME.prom, whatever the name holds: other characters than letters, digits, '_', '-' and '.'
// become %XX, and of a long name only the beginning is there, and its digest.
std::string metrics_file(const std::string& folder, std::string_view name);

}  // namespace millrace
