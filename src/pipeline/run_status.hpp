// What a run does, or did: from its folder in the workspace alone, while it goes on or after.
#pragma once

#include <string>

#include "base/json.hpp"
#include "storage/objects.hpp"

namespace millrace {

// run.json of the run ("latest": the newest) without its outputs, and
//   folder, seconds        where it is kept; how long it has taken, absent where nobody knows
//   stages                 each with state: done, cached, or for the one it is in: running, or how the run
//   ended training               epoch, epochs, step, steps, loss, validation_loss, samples_per_second as
//   last heard;
//                          seconds_left where it goes on, if no early stopping comes first
//   cost                   of one that has not ended so far
//   checkpoint             the last one: step, path, age_seconds
//   last_event_seconds     since the run was last heard of
// Throws kResource where there is no such run, with near names.
Json run_status(const Workspace& workspace, const std::string& run);

// How long a run has taken, by its run.json: until now while it goes on; null where it was interrupted.
Json run_seconds(const Json& record);

}  // namespace millrace
