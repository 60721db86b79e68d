// Scores requests by the candidate beside the version that has answered them, and counts how far apart the
// two are. Internal to serving/.
#pragma once

#include "serving/calls/call.hpp"

namespace millrace {

// For a call that is answered and in the candidate's share: Served::shadow_of() is not null.
void score_beside(const Call& call);

}  // namespace millrace
