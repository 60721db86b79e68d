// What an endpoint's versions have done so far, for whoever decides between them: the answer to
// GET /v2/models/{name}/arms. Format: docs/serving.md, "Arms". Internal to serving/.
#pragma once

#include <string>

#include "serving/models/served.hpp"

namespace millrace {

// Counts are since `started`, the process's start. `server`: its address.
std::string arms_report(const Served& served, const std::string& started, const std::string& server);

}  // namespace millrace
