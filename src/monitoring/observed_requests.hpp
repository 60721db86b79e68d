// What a server was asked and answered, from an endpoint's request log.
#pragma once

#include <string>
#include <vector>

#include "deployment/request_log.hpp"
#include "monitoring/observation.hpp"

namespace millrace {

// Collective; the same on all ranks, for any number of them. Counts what this version of the model answered
// in the window, by the lines' own times, in whatever order they stand. Lines that a crash has torn, or that
// do not fit the model's columns, are rejected; a column without a value in any line is told as absent where
// the reference has some. Throws kResource for files that cannot be read.
Observation observe_requests(const Communicator& comm, const MonitoredModel& model,
                             const std::string& workspace_root, const std::string& endpoint,
                             const TimeWindow& window);

// The same of several windows together, and of the inputs that any version of the model was asked with:
// predictions are this version's alone.
Observation observe_earlier_requests(const Communicator& comm, const MonitoredModel& model,
                                     const std::string& workspace_root, const std::string& endpoint,
                                     const std::vector<TimeWindow>& windows);

}  // namespace millrace
