// When a call is tried again. Internal to net/client/.
#pragma once

#include <cstdint>

namespace millrace {

// Seconds after the attempt of this number, the first being 1: half of it drawn, so that ranks do not come
// back all at once; at least what the server asked for, at most kLongestWait.
double wait_before(std::uint32_t attempt, double first_wait, double asked);

// Throws kStopped where the program is asked to stop meanwhile.
void wait(double seconds);

}  // namespace millrace
