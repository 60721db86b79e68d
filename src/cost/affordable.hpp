// How long an amount lasts.
#pragma once

#include "config/cost_config.hpp"
#include "cost/allocation.hpp"

namespace millrace {

// Seconds for which `amount` pays what is held; infinite where all of that is free. `key` names the limit in
// messages. Throws kNoPrice where something that is held has no price.
double affordable_seconds(double amount, const Allocation& held, const PriceTable& prices,
                          const std::string& key);

}  // namespace millrace
