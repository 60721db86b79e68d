// One self-contained HTML page a look of `monitor`: each column's two distributions over each other.
#pragma once

#include <string>

#include "base/json.hpp"

namespace millrace {

// `report`: as `millrace monitor --json` prints it (docs/monitoring.md); columns with the highest indices
// first.
std::string render_drift(const Json& report);

}  // namespace millrace
