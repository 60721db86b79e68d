// Private to report/: the parts of the page, top to bottom. Each is empty where the run did not get that far.
#pragma once

#include <string>

#include "report/report.hpp"

namespace millrace {

std::string render_summary(const ReportInput& input);     // what ran, how it ended, the figures that matter
std::string render_stages(const ReportInput& input);      // where the time went
std::string render_validation(const ReportInput& input);  // the verdict, check by check; rejected records
std::string render_evaluation(const ReportInput& input);  // metrics, gate, ROC, calibration
std::string render_training(const ReportInput& input);    // the loss
std::string render_columns(const ReportInput& input);     // a card a column
std::string render_lineage(const ReportInput& input);     // digests from sources to model
std::string render_configuration(const ReportInput& input);

}  // namespace millrace
