// Under which licences a model, its data and the programs that serve it are given away.
#pragma once

#include <string>

#include "base/json.hpp"

namespace millrace {

// {"model", "data" (as the configuration has them; "" where it does not), "software": [{"name", "licence"},
// …]}: the software is Millrace's server and what is linked into it, by SPDX names (spdx.org/licenses).
Json licences_of(const std::string& model, const std::string& data);

// The same for people.
std::string licences_text(const Json& licences);

}  // namespace millrace
