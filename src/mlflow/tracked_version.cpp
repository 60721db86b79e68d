#include "mlflow/tracked_version.hpp"

#include <cmath>

#include "base/events.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "mlflow/names.hpp"
#include "mlflow/searches.hpp"
#include "registry/compare.hpp"
#include "registry/records.hpp"

namespace millrace::mlflow {

namespace {

// The version's fields by name, as `registry compare` has them.
using Fields = std::map<std::string, Json>;

Fields fields_of(const ModelVersion& version, const Records& records) {
  Fields fields;
  for (const ComparedField& field : compare({&version}, records)) fields[field.name] = field.values.front();
  return fields;
}

std::string text_at(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() || found->second.is_null() ? "" : text_of(found->second);
}

double number_at(const Fields& fields, const std::string& name, double missing) {
  const auto found = fields.find(name);
  return found != fields.end() && found->second.is_number() ? found->second.get<double>() : missing;
}

// The registry's record, or of versions from before there were any the object, if it is still there; else
// null.
Json course_of_training(const Workspace& workspace, const Json& details, const Records& records) {
  if (const Json& record = records.of(details, "training"); !record.is_null()) return record;
  const std::string hex = details.value("training", "");
  if (hex.empty()) return nullptr;
  const Digest digest = Digest::from_hex(hex);
  return workspace.has_object(digest) ? parse_json(workspace.get_object(digest), hex) : Json();
}

// When each epoch of the run ended. Those that an earlier run trained, before it was interrupted, and those
// of a training that was found in the cache are not among them.
std::map<std::int64_t, std::int64_t> epoch_ends(const std::string& run_folder) {
  std::map<std::int64_t, std::int64_t> ends;
  for (const Json& event : read_events(run_folder + "/events.jsonl")) {
    if (event.value("event", "") == "train.epoch") ends[event.at("epoch")] = milliseconds(event.at("time"));
  }
  return ends;
}

void add_history(const Json& training, const std::string& run_folder, TrackedVersion& tracked) {
  const auto ends = epoch_ends(run_folder);
  for (const Json& epoch : training.at("history")) {
    const auto step = epoch.at("epoch").get<std::int64_t>();
    const auto end = ends.find(step);
    const std::int64_t time = end == ends.end() ? tracked.begin : end->second;
    for (const char* name : {"train_loss", "validation_loss", "learning_rate"})
      if (epoch.contains(name)) tracked.metrics.push_back({name, epoch[name], time, step});
  }
}

// Results are those of the best epoch's weights.
void add_results(const Fields& fields, std::int64_t best_epoch, TrackedVersion& tracked) {
  for (const auto& [name, value] : fields) {
    const bool is_metric = name.starts_with("metrics.");
    if (!value.is_number() || (!is_metric && !name.starts_with("cost."))) continue;
    tracked.metrics.push_back({is_metric ? name.substr(8) : name, value, tracked.end, best_epoch});
  }
}

void add_parameters(const Fields& fields, TrackedVersion& tracked) {
  constexpr std::string_view kPrefix = "params.";
  for (const auto& [name, value] : fields) {
    if (name.starts_with(kPrefix) && !value.is_null())
      tracked.parameters[name.substr(kPrefix.size())] = text_of(value);
  }
}

void add_tags(const ModelVersion& version, const Fields& fields, TrackedVersion& tracked) {
  Pairs own{{kIdTag, tracked.id}, {"millrace.version", version.name()}};
  for (const char* name : {"run", "dataset", "features", "weights", "code_version"}) {
    if (const std::string value = text_at(fields, name); !value.empty())
      own[std::string("millrace.") + name] = value;
  }
  tracked.run_tags = own;
  for (const auto& [name, value] : fields) {
    if (name.starts_with("environment.") && !value.is_null())
      tracked.run_tags["millrace." + name] = text_of(value);
  }
  tracked.run_tags["mlflow.user"] = version.user;
  tracked.run_tags["mlflow.source.name"] = "millrace";
  tracked.run_tags["mlflow.source.type"] = "JOB";
  own["millrace.stage"] = version.stage;
  own[kArtifactTag] = version.artifact ? version.artifact->hex() : "none";
  std::vector<std::string> names;
  for (const auto& [name, value] : version.tags) names.push_back(fitting_name(name));
  own[kTagsTag] = join(names, ",");
  tracked.version_tags = own;
  tracked.version_tags.insert(version.tags.begin(), version.tags.end());
}

void add_files(const Workspace& workspace, const ModelVersion& version, const Fields& fields,
               TrackedVersion& tracked) {
  const std::string folder = workspace.path("runs/" + tracked.run);
  const auto add = [&](const std::string& name, const std::string& path) {
    if (path_exists(path)) tracked.files.push_back({name, path});
  };
  add("config.yaml", folder + "/config.resolved.yaml");
  add("report.html", folder + "/report.html");
  if (const std::string hex = text_at(fields, "evaluation"); !hex.empty())
    add("evaluation.json", workspace.object_path(Digest::from_hex(hex)));
  if (version.artifact) add("model/artifact.tar.zst", workspace.object_path(*version.artifact));
}

// The same version is found again whatever happens to it later; another workspace's is another one.
std::string version_id(const ModelVersion& version, const Fields& fields) {
  return digest_of(canonical_json({version.name(), version.time, version.user, text_at(fields, "run"),
                                   text_at(fields, "weights")}))
      .hex()
      .substr(0, 32);
}

}  // namespace

TrackedVersion track(const Workspace& workspace, const ModelVersion& version) {
  const Records records(workspace.path("registry"));
  const Fields fields = fields_of(version, records);
  TrackedVersion tracked;
  tracked.id = version_id(version, fields);
  tracked.search = search_of(version, records);
  tracked.model = version.model;
  tracked.run = text_at(fields, "run");
  tracked.user = version.user;
  tracked.description = version.description;
  tracked.end = milliseconds(version.time);
  const double seconds = number_at(fields, "cost.rank_seconds", 0) / number_at(fields, "cost.ranks", 1);
  tracked.begin = tracked.end - std::llround(seconds * 1000);
  const Json training = course_of_training(workspace, version.details(), records);
  if (!training.is_null()) add_history(training, workspace.path("runs/" + tracked.run), tracked);
  add_results(fields, training.is_null() ? 0 : training.value("best_epoch", 0), tracked);
  add_parameters(fields, tracked);
  add_tags(version, fields, tracked);
  add_files(workspace, version, fields, tracked);
  return tracked;
}

}  // namespace millrace::mlflow
