// Finding a run that is done, for a stage that goes on from its outputs: what `millrace deploy --run`
// deploys.
#pragma once

#include <string>

#include "base/json.hpp"
#include "storage/objects.hpp"

namespace millrace {

// run.json of the run that `which` names: a run by its name; "job:ID", the newest one of this Slurm job that
// is done; "latest", the newest one of `pipeline` that is done. `stage` has an output in it. Throws kResource
// where there is no such run, kUsage where it is not done, ended before `stage` or is another pipeline's.
Json find_finished_run(const Workspace& workspace, const std::string& which, const std::string& pipeline,
                       const std::string& stage);

}  // namespace millrace
