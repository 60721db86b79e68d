// Gathers what the report shows from a finished run's folder and the workspace's objects.
#pragma once

#include <string>

#include "report/report.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Throws kResource where run.json or an object that it names cannot be read.
ReportInput collect_report(const Workspace& workspace, const std::string& run_folder);

// Renders and publishes RUN_FOLDER/report.html.
void write_report(const Workspace& workspace, const std::string& run_folder);

}  // namespace millrace
