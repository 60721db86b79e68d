// One self-contained HTML page a run: verdict, columns, loss, ROC, calibration, stage times, lineage. No
// network.
#pragma once

#include <string>

#include "base/json.hpp"

namespace millrace {

// What the page is made from; parts that a run did not reach are null.
struct ReportInput {
  Json run;      // run.json
  Json dataset;  // manifest
  Json verdict;
  Json plan;        // feature plan
  Json training;    // {"history": [{epoch, train_loss, validation_loss, learning_rate, seconds}], ...}
  Json evaluation;  // {"validation": {"metrics": …}, "test": {"metrics": …, "curves": …}, "gate": {...}}
  std::string config_yaml;
};

std::string render_report(const ReportInput& input);

}  // namespace millrace
