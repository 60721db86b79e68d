// trigger: an event that calls for a retraining, from a webhook, an object store or cron.
#include <algorithm>
#include <iostream>
#include <iterator>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "base/watchdog.hpp"
#include "cli/options.hpp"
#include "cli/retrain.hpp"
#include "monitoring/new_data.hpp"

namespace millrace {

namespace {

Json parse_event(const std::string& text) {
  Json event = Json::parse(text, nullptr, false);
  if (event.is_object()) return event;
  throw Error(Topic::kTriggerEvent, "the event is no JSON object");
}

// Of an object store's notification the objects, as BUCKET/KEY/ETAG: what is told twice, with another time,
// is one event. Nothing for any other event.
std::vector<std::string> objects_of(const Json& event) {
  std::vector<std::string> objects;
  const Json records = event.value("Records", Json());
  if (!records.is_array() || records.empty() || !records.front().is_object() ||
      !records.front().contains("s3"))
    return objects;
  try {
    for (const Json& record : records) {
      const Json& object = record.at("s3").at("object");
      const std::string version = object.contains("eTag") ? "eTag" : "sequencer";
      objects.push_back(fmt::format("{}/{}/{}", record.at("s3").at("bucket").at("name").get<std::string>(),
                                    object.at("key").get<std::string>(),
                                    object.at(version).get<std::string>()));
    }
  } catch (const Json::exception& error) {
    throw Error(Topic::kTriggerEvent, "a record of the notification names no object: {}", error.what());
  }
  std::ranges::sort(objects);
  objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  return objects;
}

// The event's own id, else its objects, else its content: the same in any order of its keys.
std::string id_of(const Json& event, const std::vector<std::string>& objects) {
  const Json id = event.value("id", Json());
  if (id.is_string()) return id.get<std::string>();
  if (!id.is_null()) throw Error(Topic::kTriggerEvent, "the event's 'id' is no text");
  return objects.empty() ? digest_of(canonical_json(event)).hex() : join(objects, " ");
}

// What the event says that is new. It goes into the journal; what is read is data.source.
std::vector<std::string> files_of(const Json& event) {
  const Json source = event.value("source", Json());
  if (source.is_null()) return {};
  if (source.is_string()) return {source.get<std::string>()};
  const bool are_texts =
      source.is_array() && std::ranges::all_of(source, [](const Json& file) { return file.is_string(); });
  if (!are_texts)
    throw Error(Topic::kTriggerEvent, "the event's 'source' is neither a text nor a list of texts");
  return source.get<std::vector<std::string>>();
}

RetrainCause cause_of_event(const Json& event) {
  const std::vector<std::string> objects = objects_of(event);
  const std::string id = id_of(event, objects);
  const Json reason = event.value("reason", Json());
  std::string text = reason.is_string() ? reason.get<std::string>() : "event " + id;
  if (const auto files = files_of(event); !files.empty()) text += fmt::format(" ({})", named_files(files));
  return {"event", text, id, event};
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
