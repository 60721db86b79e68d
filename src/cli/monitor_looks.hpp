// Inside cli/: what `monitor` looks at.
#pragma once

#include "cli/options.hpp"
#include "monitoring/drift_report.hpp"

namespace millrace {

// The model that --model names; else the one that the endpoint answers with, or of sources the champion.
MonitoredModel monitored_model(const po::variables_map& values, const PipelineConfig& config,
                               bool of_requests);

// Collective. Requests of the window of --from and --until, with labels where they have come.
DriftReport look_at_requests(const Communicator& comm, const po::variables_map& values,
                             const PipelineConfig& config, const MonitoredModel& model);
// Collective. Rows of the sources that are named, with their target where it is there.
DriftReport look_at_source(const Communicator& comm, const po::variables_map& values,
                           const PipelineConfig& config, const MonitoredModel& model);

}  // namespace millrace
