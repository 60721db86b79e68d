// What people read of a cost.
#pragma once

#include <string>

#include "cost/charges.hpp"

namespace millrace {

// "12.4000 core-hours, 40.0000 GPU-hours: 6.62 EUR"; where something has no price that is said, where nothing
// has ", no prices". Storage is left out.
std::string describe(const CostSum& cost, const std::string& currency);

}  // namespace millrace
