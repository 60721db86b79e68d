// Inside cli/: what follows on a look of `monitor`.
#pragma once

#include "cli/options.hpp"
#include "monitoring/drift_report.hpp"

namespace millrace {

// Raises the alert drift/MODEL, or says that it is gone, and leaves the text file for Prometheus. Where that
// fails it is a warning. By one process.
void tell_of_drift(const PipelineConfig& config, const DriftReport& report);

// Collective: begins a retraining where the look calls for one and nothing holds it back. Throws kOverBudget
// where a budget does, and kRetraining.
void retrain_after(const Communicator& comm, const po::variables_map& values, const PipelineConfig& config,
                   const DriftReport& report);

}  // namespace millrace
