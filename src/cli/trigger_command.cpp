// trigger: an event that calls for a retraining, from a webhook, an object store or cron.
#include <iostream>
#include <iterator>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/topics.hpp"
#include "base/watchdog.hpp"
#include "cli/options.hpp"
#include "cli/retrain.hpp"

namespace millrace {

namespace {

Json parse_event(const std::string& text) {
  Json event = Json::parse(text, nullptr, false);
  if (event.is_object()) return event;
  throw Error(Topic::kTriggerEvent, "the event is no JSON object");
}

// The event's own id, else its content: the same event is the same in any order of its keys.
RetrainCause cause_of_event(const Json& event) {
  const Json id = event.value("id", Json());
  if (!id.is_null() && !id.is_string()) throw Error(Topic::kTriggerEvent, "the event's 'id' is no text");
  const std::string known = id.is_string() ? id.get<std::string>() : digest_of(canonical_json(event)).hex();
  const Json reason = event.value("reason", Json());
  return {"event", reason.is_string() ? reason.get<std::string>() : "event " + known, known, event};
}

int run_trigger(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, pipeline_options(), {"config"}, comm);
  if (!values) return 0;
  const PipelineConfig config = load_pipeline_config(*values, comm);
  set_deadlines({.collective = 0});  // a retraining in place takes as long as it takes
  comm.agree([&] {
    if (!comm.is_root()) return;
    const std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
    print_outcome(retrain_now(config, *values, cause_of_event(parse_event(text))), values->count("json") > 0);
  });
  return 0;
}

}  // namespace

Command trigger_command() {
  return {"trigger",
          "CONFIG [options] < EVENT.json",
          "Retrain because of an event, once for each event",
          "echo '{\"id\": \"upload-17\"}' | millrace trigger configs/quickstart.yaml",
          true,
          run_trigger};
}

}  // namespace millrace
