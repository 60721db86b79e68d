// Private to validation/: the data beside the last accepted data of the same pipeline.
#pragma once

#include <vector>

#include "comm/communicator.hpp"
#include "storage/objects.hpp"
#include "validation/validate.hpp"

namespace millrace {

// Collective; equal on all ranks. Where the dataset has source files of the reference and others, only the
// others are compared with it: a folder that grows by a file a day is judged by the new file. Their shards
// are profiled anew; everything else but repeated_rows is answered from the two profiles. Where there is no
// reference the check `reference` says so and passes; repeated rows are counted all the same.
std::vector<CheckResult> check_reference(const Communicator& comm, const ReferenceRules& rules,
                                         const Reference* reference, const Dataset& dataset,
                                         const Workspace& workspace);

// Outliers of which the reference had as many, within what chance does, pass: a property of the data is told
// once, not every night.
void pass_known_outliers(const Verdict& reference, std::vector<CheckResult>& checks);

}  // namespace millrace
