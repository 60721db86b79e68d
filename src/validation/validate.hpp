// Validation of a dataset: expectations over its statistics, and over its columns where statistics do not
// tell.
#pragma once

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"
#include "validation/verdict.hpp"

namespace millrace {

// Checks that need no data: columns exist, regular expressions compile, a range is not asked of a text column
// (then the note of type inference says which value made it text). Throws kUsage with the place in the config
// file.
void check_expectations(const ValidationConfig& config, const Dataset& dataset);

// Data that was accepted earlier, and what was found out about it.
struct Reference {
  Dataset dataset;
  Verdict verdict;
};

// Collective; every rank gets the same verdict. Reads each shard at most five times, and those that are new
// since the reference six times more.
Verdict validate(const Communicator& comm, const ValidationConfig& config, const TargetConfig& target,
                 const Dataset& dataset, const Workspace& workspace, const Reference* reference = nullptr);

}  // namespace millrace
