// A pipeline's runs as Prometheus sees them: a text file that is replaced whole when a run begins, after each
// stage that did something, and at the end. What the run has not learned yet stays as earlier runs left it.
// The metrics are listed in docs/alerts.md.
#pragma once

#include <string>

#include "base/events.hpp"

namespace millrace {

// Listens to the events of a run; rank 0. A file that cannot be written is a loss (log_loss) and ends no run.
EventListener run_metrics(const std::string& folder, const std::string& pipeline, const std::string& model);

}  // namespace millrace
