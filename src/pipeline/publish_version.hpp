// The end of ingestion: the dataset's branch moves to the version that the run has read, or is known to have.
#pragma once

#include "base/digest.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

// Collective. Nothing happens where the branch data.branch means this version already. Throws kDataRejected
// where data.publish_check refuses the version; then the branch stays where it is, and what was ingested is
// kept for the next run.
void publish_version(const StageContext& context, const Digest& version);

}  // namespace millrace
