// The rejected records of all shards, brought together in source order.
#pragma once

#include <map>
#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/rejects.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Collective; equal on all ranks. `counts`: of every piece; `mine`: the rejects kept of this rank's pieces,
// with the file's name. Publishes the table of the first kRejectTableRows.
RejectSummary summarize_rejects(const Communicator& comm, const std::vector<std::uint64_t>& counts,
                                const std::map<std::size_t, std::vector<Json>>& mine,
                                const Workspace& workspace);

// Throws kDataRejected where more than `max_share` of the records were rejected, or all of them.
void require_few_rejects(const RejectSummary& rejects, std::uint64_t records, double max_share,
                         const Workspace& workspace);

}  // namespace millrace
