// Inside cli/registry/: what an approval sets going when it was the last that the policy wants.
#pragma once

#include "comm/communicator.hpp"
#include "registry/registry.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Promotes the version that was approved, if nothing is missing any more; where it has reached the highest
// guarded stage, the deployment of the run that waits for it is submitted (where a Slurm job made it) or run.
// Gives what came of it:
//   {"waits_for": "…"} or {"promotion": …} with perhaps "endpoint" or "job".
// Throws kResource where the deployment fails; the promotion stands.
Json follow_up(const Communicator& comm, const Workspace& workspace, Registry& registry,
               const Statement& approved);

}  // namespace millrace
