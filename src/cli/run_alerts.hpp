// What a run tells others about itself: its Prometheus text file, and the alert run/PIPELINE/failed.
#pragma once

#include <memory>
#include <string>

#include "alerts/alerts.hpp"
#include "config/pipeline_config.hpp"
#include "pipeline/engine.hpp"

namespace millrace {

// Rank 0's. Shared, since alerts are delivered when the run is over (cli/afterwards.hpp).
class RunAlerts : public std::enable_shared_from_this<RunAlerts> {
 public:
  // Throws for channels that are configured wrongly: now and not after the training.
  explicit RunAlerts(const PipelineConfig& config);

  void listen_to(RunOptions& options);
  // Raises the alert, unless the user has stopped the run or must correct what he wrote.
  void failed(const Error& error);
  void done();

 private:
  void hear(const Json& event);
  void deliver_afterwards();

  std::string pipeline_;
  std::string model_;
  std::string metrics_folder_;
  Alerts alerts_;
  std::string run_;
  std::string stage_;  // in which it failed
};

}  // namespace millrace
