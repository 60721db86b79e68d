#include "mlflow/sync.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "mlflow/names.hpp"
#include "mlflow/tracked_version.hpp"

namespace millrace::mlflow {

namespace {

constexpr std::string_view kArtifactScheme = "mlflow-artifacts:";
constexpr const char* kPageSize = "500";

// MLflow's [{"key", "value"}, …].
Pairs pairs_of(const Json& thing) {
  Pairs pairs;
  for (const Json& tag : thing.value("tags", Json::array()))
    pairs[tag.at("key").get<std::string>()] = tag.value("value", "");
  return pairs;
}

std::string value_of(const Pairs& pairs, const std::string& name) {
  const auto found = pairs.find(name);
  return found == pairs.end() ? "" : found->second;
}

// Names of the tags that were sent and that people have taken away since.
std::vector<std::string> removed_tags(const Pairs& there, const Pairs& wanted) {
  std::vector<std::string> removed;
  for (const std::string& name : split(value_of(there, kTagsTag), ',')) {
    const auto has_name = [&](const auto& tag) { return fitting_name(tag.first) == name; };
    if (there.contains(name) && std::ranges::none_of(wanted, has_name)) removed.push_back(name);
  }
  return removed;
}

// The path behind the server's artifact root of "mlflow-artifacts:/1/…" or "mlflow-artifacts://host/1/…".
std::string proxied_path(const std::string& artifact_uri) {
  std::string path = artifact_uri.substr(kArtifactScheme.size());
  if (path.starts_with("//")) path = path.substr(std::min(path.size(), path.find('/', 2)));
  return path.substr(std::min(path.size(), path.find_first_not_of('/')));
}

class Sync {
 public:
  Sync(Server& server, const Workspace& workspace, const RegistryState& state, const SyncOptions& options)
      : server_(server), workspace_(workspace), state_(state), options_(options) {}

  SyncResult run() {
    std::set<std::string> models;
    for (const ModelVersion& version : state_.versions) models.insert(version.model);
    if (!options_.model.empty()) models = {state_.resolve(options_.model).model};
    for (const std::string& model : models) sync_model(model);
    return std::move(result_);
  }

 private:
  void sync_model(const std::string& model) {
    const Json registered = ensure_model(model);
    const auto known = known_versions(model);
    std::map<std::string, std::string> aliases;  // alias → MLflow's number of the version
    for (const ModelVersion& version : state_.versions) {
      if (version.model != model) continue;
      ++result_.versions;
      const TrackedVersion tracked = track(workspace_, version);
      const auto found = known.find(tracked.id);
      const std::string number = found == known.end() ? add(tracked) : bring_up(tracked, found->second);
      for (const std::string& alias : version.aliases) aliases[alias] = number;
    }
    move_aliases(model, registered, aliases);
  }

  Json ensure_model(const std::string& model) {
    return server_
        .find_or_create(
            [&] {
              return server_.find("registered-models/get", {{"name", model}});
            },
            "registered-models/create", {{"name", model}})
        .at("registered_model");
  }

  // Those that carry an id (this one, if given), by it. Of two with one id (two syncs at the same moment) the
  // first counts.
  std::map<std::string, Json> known_versions(const std::string& model, const std::string& id_wanted = "") {
    std::map<std::string, Json> versions;
    std::string filter = "name='" + model + "'";
    if (!id_wanted.empty()) filter += fmt::format(" and tags.`{}` = '{}'", kIdTag, id_wanted);
    remote::Headers query{{"filter", filter}, {"max_results", kPageSize}};
    for (;;) {
      const Json page = server_.get("model-versions/search", query);
      for (const Json& version : page.value("model_versions", Json::array())) {
        const std::string id = value_of(pairs_of(version), kIdTag);
        const auto [entry, is_new] = versions.try_emplace(id, version);
        if (!is_new && number_of(version) < number_of(entry->second)) entry->second = version;
      }
      const std::string next = page.value("next_page_token", "");
      if (next.empty()) return versions;
      query.resize(2);
      query.emplace_back("page_token", next);
    }
  }

  static std::uint64_t number_of(const Json& version) {
    return std::stoull(version.at("version").get<std::string>());
  }

  std::string experiment(const std::string& model) {
    const std::string name = options_.experiment.empty() ? model : options_.experiment;
    const auto find = [&]() -> std::optional<Json> {
      auto found = server_.find("experiments/get-by-name", {{"experiment_name", name}});
      if (!found) return found;
      const Json& experiment = found->at("experiment");
      if (experiment.value("lifecycle_stage", "active") != "active") {
        throw Error(Topic::kRefusedByMlflow,
                    "MLflow at {} has deleted the experiment '{}': restore it, or name another one with "
                    "--experiment",
                    server_.shown(), name);
      }
      return experiment;
    };
    std::string& id = experiments_[name];
    if (id.empty())
      id = server_.find_or_create(find, "experiments/create", {{"name", name}}).at("experiment_id");
    return id;
  }

  // The run's info; one that an interrupted sync began is gone on with.
  Json ensure_run(const TrackedVersion& tracked) {
    const std::string experiment_id = experiment(tracked.model);
    const auto find = [&]() -> std::optional<Json> {
      const Json found =
          server_.post("runs/search", {{"experiment_ids", {experiment_id}},
                                       {"filter", fmt::format("tags.`{}` = '{}'", kIdTag, tracked.id)},
                                       {"max_results", 1}});
      if (!found.contains("runs") || found["runs"].empty()) return std::nullopt;
      return Json{{"run", found["runs"][0]}};
    };
    const Json body{{"experiment_id", experiment_id},
                    {"run_name", tracked.run},
                    {"start_time", tracked.begin},
                    {"tags", to_pairs({{kIdTag, tracked.id}}, kTagLimit)}};
    return server_.find_or_create(find, "runs/create", body).at("run").at("info");
  }

  // The version is made last: where it is there, its run is whole. Returns its number.
  std::string add(const TrackedVersion& tracked) {
    const Json run = ensure_run(tracked);
    const std::string run_id = run.at("run_id");
    for (const Json& batch : log_batches(run_id, tracked.metrics, tracked.parameters, tracked.run_tags))
      (void)server_.post("runs/log-batch", batch);
    upload(run, tracked);
    (void)server_.post("runs/update",
                       {{"run_id", run_id}, {"status", "FINISHED"}, {"end_time", tracked.end}});
    const std::string number = add_version(run, tracked);
    ++result_.added;
    log_info("{} is version {} in MLflow, run {}", tracked.version_tags.at("millrace.version"), number,
             run_id);
    return number;
  }

  std::string add_version(const Json& run, const TrackedVersion& tracked) {
    const auto find = [&]() -> std::optional<Json> {
      const auto known = known_versions(tracked.model, tracked.id);
      const auto found = known.find(tracked.id);
      if (found == known.end()) return std::nullopt;
      return Json{{"model_version", found->second}};
    };
    const Json body{{"name", tracked.model},
                    {"source", run.at("artifact_uri").get<std::string>() + "/model"},
                    {"run_id", run.at("run_id")},
                    {"description", tracked.description},
                    {"tags", to_pairs(tracked.version_tags, kTagLimit)}};
    return server_.find_or_create(find, "model-versions/create", body).at("model_version").at("version");
  }

  void upload(const Json& run, const TrackedVersion& tracked) {
    const std::string uri = run.at("artifact_uri");
    if (!uri.starts_with(kArtifactScheme)) {
      return warn(
          fmt::format("MLflow at {} keeps artifacts at {} and takes none itself (--serve-artifacts): "
                      "none were sent",
                      server_.shown(), remote::shown_address(uri.substr(0, uri.find("/", 8)))));
    }
    for (const TrackedFile& file : tracked.files)
      server_.upload(proxied_path(uri) + "/" + file.name, file.path);
  }

  // What has changed since: tags (the stage is one), description, artifact. Returns the version's number.
  std::string bring_up(const TrackedVersion& tracked, const Json& version) {
    const Json key{{"name", tracked.model}, {"version", version.at("version")}};
    const Pairs there = pairs_of(version);
    bool changed = false;
    if (value_of(there, kArtifactTag) != tracked.version_tags.at(kArtifactTag)) {
      upload(server_.get("runs/get", {{"run_id", version.at("run_id")}}).at("run").at("info"), tracked);
    }
    const auto change = [&](const char* method, const char* endpoint, const Json& more) {
      Json body = key;
      body.update(more);
      (void)server_.send(method, endpoint, body);
      changed = true;
    };
    for (const std::string& name : removed_tags(there, tracked.version_tags))
      change("DELETE", "model-versions/delete-tag", {{"key", name}});
    for (const Json& tag : tags_to_set(there, tracked)) change("POST", "model-versions/set-tag", tag);
    if (!tracked.description.empty() && version.value("description", "") != tracked.description)
      change("PATCH", "model-versions/update", {{"description", tracked.description}});
    if (changed) ++result_.changed;
    return version.at("version");
  }

  // Names of people's tags before the tags themselves: what is interrupted between is still known as theirs.
  static std::vector<Json> tags_to_set(const Pairs& there, const TrackedVersion& tracked) {
    std::vector<Json> tags;
    for (const Json& tag : to_pairs(tracked.version_tags, kTagLimit)) {
      const std::string key = tag.at("key");
      const auto found = there.find(key);
      if (found != there.end() && found->second == tag.at("value")) continue;
      tags.insert(key == kTagsTag ? tags.begin() : tags.end(), tag);
    }
    return tags;
  }

  void move_aliases(const std::string& model, const Json& registered,
                    const std::map<std::string, std::string>& wanted) {
    std::map<std::string, std::string> there;
    for (const Json& alias : registered.value("aliases", Json::array()))
      there[alias.at("alias").get<std::string>()] = alias.at("version").get<std::string>();
    for (const auto& [alias, number] : wanted) {
      if (const auto found = there.find(alias); found != there.end() && found->second == number) continue;
      (void)server_.post("registered-models/alias", {{"name", model}, {"alias", alias}, {"version", number}});
      ++result_.aliases;
    }
  }

  void warn(const std::string& warning) {
    if (std::ranges::find(result_.warnings, warning) != result_.warnings.end()) return;
    log_warning("{}", warning);
    result_.warnings.push_back(warning);
  }

  Server& server_;
  const Workspace& workspace_;
  const RegistryState& state_;
  const SyncOptions& options_;
  std::map<std::string, std::string> experiments_;  // ids by name
  SyncResult result_;
};

}  // namespace

SyncResult sync(Server& server, const Workspace& workspace, const RegistryState& state,
                const SyncOptions& options) {
  return Sync(server, workspace, state, options).run();
}

}  // namespace millrace::mlflow
