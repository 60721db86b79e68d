// Inside cli/: one look of `watch`, and the retraining that follows on it.
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"
#include "monitoring/data_watch.hpp"
#include "monitoring/new_data.hpp"

namespace millrace {

struct WatchReport {
  std::vector<WatchedContent> contents;  // that are new
  std::vector<std::string> incomplete;   // places
  bool begun = false;
  std::string said = {};  // how the retraining ended or why there is none; "" where nothing calls for one
};
Json to_document(const WatchReport& report);
// Lines; empty where there is nothing to tell.
std::string report_text(const WatchReport& report);

class Watcher {
 public:
  // Both outlive this object. Throws as DataWatch does.
  Watcher(const PipelineConfig& config, const po::variables_map& values)
      : config_(config), values_(values), watch_(config) {}

  // Throws what the look throws, kOverBudget where a budget holds a retraining back, kRetraining where it
  // fails.
  WatchReport look();

 private:
  std::vector<WatchedContent> still_new(std::vector<WatchedContent> contents, const PipelinePast& past);
  void follow(WatchReport& report, const PipelinePast& past) const;

  const PipelineConfig& config_;
  const po::variables_map& values_;
  DataWatch watch_;
};

}  // namespace millrace
