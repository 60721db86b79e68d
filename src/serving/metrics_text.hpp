// /metrics: Triton's counters under Triton's names, so that its dashboards fit, and histograms, which
// counters cannot give. Prometheus text format 0.0.4. Internal to serving/.
#pragma once

#include <string>

#include "base/rotating_log.hpp"
#include "net/http.hpp"
#include "serving/models/served.hpp"

namespace millrace {

struct DeviceCounts;

// `request_log`, `device`: nullptr for none.
std::string metrics_text(const Metrics& metrics, const Catalog& catalog, const HttpCounters& http,
                         const RotatingLog* request_log = nullptr, const DeviceCounts* device = nullptr);

}  // namespace millrace
