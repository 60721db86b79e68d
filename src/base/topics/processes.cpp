#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kProcessesEntries = std::to_array<TopicEntry>({
    {Topic::kStopped, ExitCode::kStopped, "stopped", "A run that was told to stop",
     "stopped at step 1200 of 5000; run again to go on",
     "SIGTERM, SIGINT or SIGUSR1 arrived (a time limit, preemption, Ctrl-C). Training has saved a "
     "checkpoint.",
     "Run the same command again: it goes on there and ends with the weights of an undisturbed run. The "
     "job scripts requeue themselves on this exit code."},
    {Topic::kOutOfMemory, ExitCode::kResource, "out-of-memory", "No memory left",
     "out of memory in stage train (rank 2 of 4)",
     "A rank could not get the memory that it asked for (ulimit -v, a container's or a job's limit). The "
     "kernel's own out-of-memory killer gives no message: that rank is then lost.",
     "Use more ranks or nodes, or smaller data.block_bytes, data.shard_bytes and training.batch_size."},
    {Topic::kDeadline, ExitCode::kResource, "deadline", "An operation that outlasted its deadline",
     "rank 0 on node1, stage train: all_reduce of 45.2 kB lasts longer than 10 min 00 s "
     "(deadlines.collective): "
     "another rank does not come. The job ends; run it again to go on from what is recorded",
     "Ranks wait for each other, and one of them did not come: it is stopped, its node is gone, or its "
     "file system hangs. Or a call on a file of this rank gets no answer.",
     "The lines below the message tell where each rank was last: look at the machine of the one that is "
     "silent or "
     "elsewhere. Then run again; training goes on from its last checkpoint. Where the work is only slow, "
     "raise "
     "`deadlines`."},
    {Topic::kLauncherGone, ExitCode::kResource, "launcher-gone", "A job whose launcher is no longer there",
     "the launcher (mpirun or srun) of rank 2 is gone: the rank ends too",
     "mpirun was killed, or Slurm's part of the job. Ranks do not go on without it.",
     "Run again; training goes on from its last checkpoint."},
});

}  // namespace

std::span<const TopicEntry> process_topics() {
  return kProcessesEntries;
}

}  // namespace millrace
