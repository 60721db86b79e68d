// The run ledger: runs/RUN/ with run.json, events.jsonl, the resolved configuration, checkpoints and the
// report. Written by rank 0 alone; run.json is published whole at each change.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "storage/objects.hpp"

namespace millrace {

class RunLedger {
 public:
  // Makes a new run: a name from the time and the process, its folder, runs/latest pointing there. Names sort
  // by the order in which runs began, whatever the clock does. `cost`: what its record has as "cost" until it
  // ends. Rank 0 only.
  static RunLedger begin(const Workspace& workspace, const std::string& resolved_config,
                         const Digest& config_digest, const std::string& pipeline, int ranks,
                         Json cost = Json::object());

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] Json& record() { return record_; }
  void save() const;

 private:
  RunLedger(std::string name, std::string folder) : name_(std::move(name)), folder_(std::move(folder)) {}
  std::string name_;
  std::string folder_;
  Json record_;
};

// run.json of all runs of the workspace, newest first. A run whose process on this host is gone while its
// record says "running" is shown as "interrupted". Unreadable records are left out with a warning.
std::vector<Json> list_runs(const Workspace& workspace);

// run.json of one run, or of the newest ("latest"), in the same way. Throws kResource, with near names, where
// there is none.
Json read_run(const Workspace& workspace, const std::string& name);

// Checkpoint folders of runs that did not finish, newest first.
std::vector<std::string> unfinished_checkpoint_folders(const Workspace& workspace);

}  // namespace millrace
