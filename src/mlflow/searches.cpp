#include "mlflow/searches.hpp"

#include "base/log.hpp"

namespace millrace::mlflow {

namespace {

// Set once all trials are there: the digest of what the search had come to.
constexpr const char* kSummaryTag = "millrace.search.summary";

constexpr std::size_t kIdDigits = 32;

std::string short_digest(const std::string& text) {
  return digest_of(text).hex().substr(0, kIdDigits);
}

std::string id_of(const Json& summary) {
  return short_digest(summary.at("id").get<std::string>());
}

// What the search and its trials have in common.
TrackedRun begun_run(const std::string& model, const Json& summary) {
  TrackedRun run;
  run.model = model;
  run.begin = milliseconds(summary.at("begun"));
  run.end = milliseconds(summary.at("summarized"));
  run.run_tags = {{"millrace.search", summary.at("search").get<std::string>()},
                  {"mlflow.source.name", "millrace"},
                  {"mlflow.source.type", "JOB"}};
  return run;
}

TrackedRun track_trial(const std::string& model, const Json& summary, const Json& trial) {
  TrackedRun run = begun_run(model, summary);
  const auto number = trial.at("trial").get<std::uint32_t>();
  run.id = short_digest(fmt::format("{}/{}", summary.at("id").get<std::string>(), number));
  run.run = fmt::format("{} trial {}", summary.at("search").get<std::string>(), number);
  if (trial.at("state") == "failed") run.status = "FAILED";
  for (const auto& [key, value] : trial.at("values").items()) run.parameters[key] = text_of(value);
  for (const Json& epoch : trial.at("curve")) {
    for (const char* name : {"train_loss", "validation_loss"})
      if (epoch.contains(name) && epoch[name].is_number())
        run.metrics.push_back({name, epoch[name], run.end, epoch.at("epoch")});
  }
  for (const Json& rung : trial.at("scores"))
    run.metrics.push_back(
        {"score." + summary.at("metric").get<std::string>(), rung.at("score"), run.end, rung.at("epochs")});
  run.run_tags["millrace.trial"] = fmt::format("{}", number);
  run.run_tags["millrace.trial.state"] = trial.at("state").get<std::string>();
  if (trial.contains("error")) run.run_tags["millrace.trial.error"] = trial["error"].get<std::string>();
  return run;
}

bool has_tag(const Json& run, const std::string& name, const std::string& value) {
  for (const Json& tag : run.at("run").value("/data/tags"_json_pointer, Json::array()))
    if (tag.value("key", "") == name) return tag.value("value", "") == value;
  return false;
}

// Its own run first, which trials name, and once more with the tag that says that they are all there.
std::string send_search(Runs& runs, TrackedSearch search, const std::string& summary) {
  const auto there = runs.find(search.run);
  if (there && has_tag(*there, kSummaryTag, summary))
    return there->at("run").at("info").at("run_id").get<std::string>();
  std::string id = runs.send(search.run).at("run_id");
  for (TrackedRun& trial : search.trials) {
    trial.run_tags[kParentTag] = id;
    (void)runs.send(trial);
  }
  search.run.run_tags[kSummaryTag] = summary;
  (void)runs.send(search.run);
  log_info("the search {} is run {} in MLflow, with {} trials", search.run.run_tags.at("millrace.search"), id,
           search.trials.size());
  return id;
}

}  // namespace

TrackedSearch track_search(const std::string& model, const Json& summary) {
  TrackedSearch search{begun_run(model, summary), {}};
  search.run.id = id_of(summary);
  search.run.run = "search " + summary.at("search").get<std::string>();
  const Json& best = summary.at("best");
  search.run.metrics = {
      {"score." + summary.at("metric").get<std::string>(), best.at("score"), search.run.end, 0}};
  search.run.run_tags["millrace.search.best"] = text_of(best.at("trial"));
  for (const Json& trial : summary.at("trials")) search.trials.push_back(track_trial(model, summary, trial));
  return search;
}

std::string search_of(const ModelVersion& version, const Records& records) {
  const Json& summary = records.of(version.details(), "search");
  return summary.is_null() ? "" : id_of(summary);
}

std::map<std::string, std::string> send_searches(Runs& runs, const std::vector<const ModelVersion*>& versions,
                                                 const Records& records) {
  std::map<std::string, const ModelVersion*> newest;
  for (const ModelVersion* version : versions) {
    if (const std::string id = search_of(*version, records); !id.empty()) newest[id] = version;
  }
  std::map<std::string, std::string> ids;
  for (const auto& [id, version] : newest) {
    const Json details = version->details();
    ids[id] = send_search(runs, track_search(version->model, records.of(details, "search")),
                          details.at("records").at("search"));
  }
  return ids;
}

}  // namespace millrace::mlflow
