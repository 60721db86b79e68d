// `millrace data gc`: removes objects that nothing needs (pipeline/needed.hpp says what does).
//
// It may run beside pipelines, on any host, without a lock:
//   - An object that is younger than the grace period stays. Publishing one that is there already makes it
//     young again (Workspace::put_object).
//   - While a run is in progress, all that recorded actions name stays, since the run may take it up.
//   - Actions whose results will go are removed first, then everything is marked anew; where a run has begun
//     in between, the objects stay: it may have seen the actions. Runs that begin later do not see them.
//   - An object is moved aside before it is removed, and back if it has become young in the meantime.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "pipeline/needed.hpp"

namespace millrace {

struct GarbageOptions {
  KeepRules keep;
  double grace_seconds = 86400;
  bool dry_run = false;
};

struct GarbageReport {
  std::uint64_t objects = 0;  // removed, or (dry_run) to be removed
  std::uint64_t bytes = 0;
  std::uint64_t actions = 0;
  std::uint64_t kept_objects = 0;     // needed
  std::uint64_t young_objects = 0;    // not needed, but within the grace period
  std::vector<std::string> versions;  // NAME@DIGEST of the versions of data among the objects
  std::vector<std::string> runs_in_progress;
  bool interrupted = false;  // a run has begun: only actions were removed
};

// Throws kResource where something cannot be read or removed; what has been removed until then was garbage.
GarbageReport collect_garbage(const Workspace& workspace, const GarbageOptions& options);

}  // namespace millrace
