// The journal of runs that were begun although a budget did not allow it: cost/overrides/.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Appends {"type": "override", "run", "reason", "budgets": [what refused it]}. Throws kResource.
void record_override(const Workspace& workspace, const Json& override_of_run);
// Oldest first, with "number", "time" and "user". Throws kResource where an entry is missing or altered.
std::vector<Json> recorded_overrides(const Workspace& workspace);

}  // namespace millrace
