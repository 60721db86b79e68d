#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kEntries = std::to_array<TopicEntry>({
    {Topic::kStopped, ExitCode::kStopped, "stopped", "A run that was told to stop",
     "stopped at step 1200 of 5000; run again to go on",
     "SIGTERM, SIGINT or SIGUSR1 arrived (a time limit, preemption, Ctrl-C). Training has saved a "
     "checkpoint.",
     "Run the same command again: it goes on there and ends with the weights of an undisturbed run. The "
     "job scripts requeue themselves on this exit code."},
    {Topic::kOutOfMemory, ExitCode::kResource, "out-of-memory", "No memory left",
     "out of memory (rank 2 of 4)",
     "A rank could not get the memory that it asked for (ulimit -v, a container's or a job's limit). The "
     "kernel's own out-of-memory killer gives no message: that rank is then lost.",
     "Use more ranks or nodes, or smaller data.block_bytes, data.shard_bytes and training.batch_size."},
    {Topic::kDeadline, ExitCode::kResource, "deadline", "An operation that outlasted its deadline",
     "all-reduce: no answer from all ranks within 600 s (training.collective_deadline), says rank 1 on "
     "node1",
     "Ranks wait for each other, and one of them did not come: it is stopped, its node is gone, or its "
     "file system hangs.",
     "The message names the rank and its host: look at that machine. Then run again; training goes on "
     "from its last checkpoint. Where the work is only slow, raise the deadline."},
    {Topic::kRankLost, ExitCode::kResource, "rank-lost", "A rank that is no longer there",
     "the other ranks did not follow within 10 s",
     "A rank was killed, crashed or is stuck, so that the others ended the job.",
     "Look at that machine's log: the out-of-memory killer names what it kills. Then run again; training "
     "goes on from its last checkpoint."},
});

}  // namespace

std::span<const TopicEntry> process_topics() {
  return kEntries;
}

}  // namespace millrace
