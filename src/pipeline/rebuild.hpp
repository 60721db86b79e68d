// An artifact that is gone, made again from the results of the run that registered its version.
#pragma once

#include <string>

#include "comm/communicator.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Writes it to `path`, on rank 0; neither the workspace nor the registry is changed. Collective. Throws
// kResource where the run or one of its results is gone.
void rebuild_artifact(const Communicator& comm, const Workspace& workspace, const std::string& run,
                      const std::string& path);

}  // namespace millrace
