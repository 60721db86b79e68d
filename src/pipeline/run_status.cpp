#include "pipeline/run_status.hpp"

#include <algorithm>

#include "base/events.hpp"
#include "base/time.hpp"
#include "cost/allocation.hpp"
#include "pipeline/ledger.hpp"

namespace millrace {

namespace {

// Not below 0, though the clock may have been set back between the two.
double seconds_between(const std::string& begin, const std::string& end) {
  return std::max(0.0, parse_rfc3339(end) - parse_rfc3339(begin));
}

double age(const std::string& time) {
  return seconds_between(time, now_rfc3339());
}

// What the events add up to.
struct Heard {
  Json stage;       // the one that has begun and not ended: its stage.start
  Json training;    // the newest of each figure
  Json checkpoint;  // the last train.checkpoint
  Json first_step;  // the first event that has a step and a time, for the speed
  Json last_step;
  std::string last;  // time of the last event
};

void hear_training(const Json& event, Heard& heard) {
  if (heard.training.is_null()) heard.training = Json::object();
  for (const char* key :
       {"epoch", "epochs", "step", "steps", "loss", "validation_loss", "samples_per_second"}) {
    if (event.contains(key)) heard.training[key] = event[key];
  }
  if (event.contains("train_loss")) heard.training["loss"] = event["train_loss"];
  if (heard.first_step.is_null()) heard.first_step = event;
  heard.last_step = event;
}

Heard listen(const std::string& path) {
  Heard heard;
  for (const Json& event : read_events(path)) {
    const std::string name = event.value("event", "");
    if (name == "stage.start") heard.stage = event;
    if (name == "stage.done") heard.stage = nullptr;
    if (name == "train.progress" || name == "train.epoch") hear_training(event, heard);
    if (name == "train.checkpoint") heard.checkpoint = event;
    heard.last = event.value("time", heard.last);
  }
  return heard;
}

Json stages_of(const Json& record, const Heard& heard) {
  Json stages = record.value("stages", Json::array());
  for (Json& stage : stages) stage["state"] = stage.value("cached", false) ? "cached" : "done";
  if (heard.stage.is_null()) return stages;
  const std::string status = record.value("status", "");
  const std::string until = status == "running" ? now_rfc3339() : heard.last;
  stages.push_back({{"name", heard.stage.value("stage", "")},
                    {"key", heard.stage.value("key", "")},
                    {"state", status},
                    {"seconds", seconds_between(heard.stage.value("time", ""), until)}});
  return stages;
}

// By the speed from the first to the last event with a step, validation and checkpoints between them
// included.
Json seconds_left(const Heard& heard) {
  const double steps = heard.last_step.value("step", 0.0) - heard.first_step.value("step", 0.0);
  const double seconds =
      parse_rfc3339(heard.last_step.value("time", "")) - parse_rfc3339(heard.first_step.value("time", ""));
  if (steps <= 0 || seconds <= 0) return nullptr;
  return (heard.last_step.value("steps", 0.0) - heard.last_step.value("step", 0.0)) * seconds / steps;
}

// Of one that goes on, or was interrupted: so far.
void add_cost_so_far(Json& status, const Heard& heard) {
  if (!status.contains("cost")) return;
  Json& cost = status["cost"];
  if (!cost.is_object() || cost.contains("wall_seconds") || !cost.contains("cores")) return;
  const Json& seconds = status["seconds"];
  const std::string started = status.value("started", "");
  const double until_last = heard.last.empty() ? 0 : seconds_between(started, heard.last);
  complete_cost(cost, status.value("ranks", 1), seconds.is_number() ? seconds.get<double>() : until_last);
}

bool is_training(const Json& record, const Heard& heard) {
  return record.value("status", "") == "running" && heard.stage.is_object() &&
         heard.stage.value("stage", "") == "train" && heard.training.is_object();
}

}  // namespace

Json run_seconds(const Json& record) {
  const auto cost = "/cost/wall_seconds"_json_pointer;
  if (record.contains(cost)) return record[cost];
  if (record.value("status", "") == "running") return age(record.value("started", ""));
  return nullptr;
}

Json run_status(const Workspace& workspace, const std::string& run) {
  Json status = read_run(workspace, run);
  const std::string folder = workspace.path("runs/" + status.value("run", ""));
  const Heard heard = listen(folder + "/events.jsonl");
  status.erase("outputs");
  status["folder"] = folder;
  status["seconds"] = run_seconds(status);
  add_cost_so_far(status, heard);
  status["stages"] = stages_of(status, heard);
  if (!heard.training.is_null()) status["training"] = heard.training;
  if (is_training(status, heard)) status["training"]["seconds_left"] = seconds_left(heard);
  if (!heard.checkpoint.is_null()) {
    status["checkpoint"] = {{"step", heard.checkpoint.value("step", 0)},
                            {"path", heard.checkpoint.value("path", "")},
                            {"age_seconds", age(heard.checkpoint.value("time", ""))}};
  }
  if (!heard.last.empty()) status["last_event_seconds"] = age(heard.last);
  return status;
}

}  // namespace millrace
