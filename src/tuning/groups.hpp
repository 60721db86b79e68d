// A search on the ranks of one job: groups of ranks take segments from the search's journal until there are
// none. No group directs the others; the journal decides who is first.
#pragma once

#include <functional>

#include "comm/communicator.hpp"
#include "tuning/search_journal.hpp"

namespace millrace::tuning {

// Collective over the group. An error that is the trial's own (exit codes 2 and 3, and what a smaller network
// would mend: no memory, a GPU that fails) becomes its result; any other ends the search, to be gone on with.
using RunSegment = std::function<Result(const Communicator& group, const Segment& segment)>;

// Throws kContradiction where the ranks of a job do not make whole groups: some would be idle.
void require_whole_groups(int ranks, int ranks_per_trial);

// Collective. `journal` is used by the first rank of each group alone. Ends when the search is over, its
// epochs are spent or time is up (base/signals.hpp: stop_after). Throws as require_whole_groups; kStopped
// where somebody asked for a stop; on all ranks the error of the first rank that met one.
void run_groups(const Communicator& comm, int ranks_per_trial, SearchJournal& journal, const RunSegment& run);

}  // namespace millrace::tuning
