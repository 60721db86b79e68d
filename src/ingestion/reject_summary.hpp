// The rejected records of all shards, brought together in source order.
#pragma once

#include <map>
#include <vector>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/rejects.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Collective; equal on all ranks. `counts`: of every piece; `mine`: the rejects kept of this rank's pieces,
// with the file's name. Publishes the table of the first
// kRejectTableRows, as CSV and as HDF5.
RejectSummary summarize_rejects(const Communicator& comm, const std::vector<RejectCounts>& counts,
                                const std::map<std::size_t, std::vector<Json>>& mine,
                                const Workspace& workspace);

// Throws kDataRejected where all records were rejected, more of a kind than its limit in data.max_rejected
// allows, or more of the kinds without one than data.max_rejected_share.
void require_few_rejects(const RejectSummary& rejects, std::uint64_t records, const DataConfig& config,
                         const Workspace& workspace);

}  // namespace millrace
