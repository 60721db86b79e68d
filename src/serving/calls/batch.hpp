// Several calls' rows in one forward pass. Internal to serving/.
#pragma once

#include <span>

#include "serving/calls/call.hpp"

namespace millrace {

// Scores all rows together; each call's predictions are what they would be if it were scored alone. Throws
// what ServedModel::score throws of any of the rows; then no call has predictions.
void score_together(std::span<CallLease> calls);

}  // namespace millrace
