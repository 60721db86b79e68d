// Begins a retraining once, whoever sees first that it is called for, and keeps why: the journal
// WORKSPACE/monitoring/PIPELINE. Format: docs/formats.md, "Retrainings".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

struct RetrainCause {
  std::string kind;  // drift, performance, volume, schedule, event, data
  std::string text;  // for people
  std::string id;    // of an event: the same one begins one retraining; "": of nothing that has an id
  Json details = nullptr;
};

// What the journal says of one.
struct BegunRetraining {
  double time = 0;  // seconds since 1970
  std::string id;
  bool failed = false;                  // it did not begin after all
  bool started = false;                 // neither: whoever began it has not said how that ended
  std::uint64_t number = 0;             // of its entry
  std::set<std::string> contents = {};  // of kind data: the digests of the files
};

// Why none may begin at `now`, in words; "" where one may. Those that failed do not hold anything back, nor
// do those that seem to begin more than a cool-down from now: a clock was wrong then.
std::string obstacle_to_retraining(const std::vector<BegunRetraining>& begun, const RetrainConfig& rules,
                                   double now, const std::string& id);

struct RetrainOutcome {
  bool begun = false;
  std::string said;  // "job 17 is submitted", "the run has ended", or why nothing was begun
};

// By one process, which waits for monitoring.retrain.action: run. Of any number of processes that call this
// for one pipeline, one begins within the cool-down. `config_file` is what the retraining reads; `budget` is
// asked just before and throws where none may begin. Throws kRetraining where the program fails, which is
// then kept and holds nothing back.
RetrainOutcome retrain(const PipelineConfig& config, const std::string& config_file,
                       const RetrainCause& cause, const std::function<void()>& budget = {});

std::vector<BegunRetraining> begun_retrainings(const std::string& workspace_root,
                                               const std::string& pipeline);

// Notes that one has failed, of which whoever began it has not told.
void note_failed(const PipelineConfig& config, const BegunRetraining& begun, const std::string& reason);

}  // namespace millrace
