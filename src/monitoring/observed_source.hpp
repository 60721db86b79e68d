// Rows of any source that ingestion reads, as a model would be asked about them.
#pragma once

#include "config/pipeline_config.hpp"
#include "evaluation/metrics.hpp"
#include "monitoring/observation.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct SourceObservation {
  Observation seen;
  // Where the source has the target: what the model says of this rank's rows whose target is known.
  std::vector<ScoredShard> scored;
  std::uint32_t shards = 0;  // of all ranks
};

// Collective; the same on all ranks, for any number of them. In bounded memory. Inputs that the source does
// not have, or whose values cannot be of their type, are told as absent; single values that cannot are
// missing. The target is counted where the source has it. Throws what reading throws, and kDataRejected where
// more than data.max_rejected_share of the records cannot be read.
SourceObservation observe_source(const Communicator& comm, const MonitoredModel& model,
                                 const DataConfig& data, const Workspace& workspace);

}  // namespace millrace
