// Private to validation/: columns that give the target away.
#pragma once

#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"
#include "validation/verdict.hpp"

namespace millrace {

// Collective; equal on all ranks, for any number of ranks. One check for each column but the target; none
// where the target is no column or has fewer than 50 values among the rows looked at. One pass over the
// shards. Looks at all rows up to 65,536 of them and 16 M values, and at evenly spaced ones beyond.
std::vector<CheckResult> check_leakage(const Communicator& comm, const LeakageRule& rule,
                                       const TargetConfig& target, const Dataset& dataset,
                                       const Workspace& workspace);

}  // namespace millrace
