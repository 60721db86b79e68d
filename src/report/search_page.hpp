// One self-contained HTML page a search: what was found, how it went, which parameters mattered, all trials.
#pragma once

#include <string>

#include "base/json.hpp"

namespace millrace {

// `summary`: as `millrace tune --json` prints it (docs/formats.md, "Searches").
std::string render_search(const Json& summary);

}  // namespace millrace
