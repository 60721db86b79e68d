#include "mlflow/sync.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "mlflow/names.hpp"
#include "mlflow/runs.hpp"
#include "mlflow/searches.hpp"
#include "mlflow/tracked_version.hpp"

namespace millrace::mlflow {

namespace {

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

class Sync {
 public:
  Sync(Server& server, const Workspace& workspace, const RegistryState& state, const SyncOptions& options)
      : server_(server),
        workspace_(workspace),
        state_(state),
        options_(options),
        runs_(server, options.experiment) {}

  SyncResult run() {
    std::set<std::string> models;
    for (const ModelVersion& version : state_.versions) models.insert(version.model);
    if (!options_.model.empty()) models = {state_.resolve(options_.model).model};
    for (const std::string& model : models) sync_model(model);
    result_.warnings = runs_.warnings();
    return std::move(result_);
  }

 private:
  void sync_model(const std::string& model) {
    const Json registered = ensure_model(model);
    const auto known = known_versions(model);
    std::map<std::string, std::string> aliases;  // alias → MLflow's number of the version
    const std::vector<const ModelVersion*> versions = versions_of(model);
    const auto searches = send_searches(runs_, versions, Records(workspace_.path("registry")));
    for (const ModelVersion* version : versions) {
      ++result_.versions;
      TrackedVersion tracked = track(workspace_, *version);
      if (!tracked.search.empty()) tracked.run_tags[kParentTag] = searches.at(tracked.search);
      const auto found = known.find(tracked.id);
      const std::string number = found == known.end() ? add(tracked) : bring_up(tracked, found->second);
      for (const std::string& alias : version->aliases) aliases[alias] = number;
    }
    move_aliases(model, registered, aliases);
  }

  [[nodiscard]] std::vector<const ModelVersion*> versions_of(const std::string& model) const {
    std::vector<const ModelVersion*> versions;
    for (const ModelVersion& version : state_.versions)
      if (version.model == model) versions.push_back(&version);
    return versions;
  }

  Json ensure_model(const std::string& model) {
    const HttpHeaders query{{"name", model}};
    const auto find = [&] { return server_.find("registered-models/get", query); };
    return server_.find_or_create(find, "registered-models/create", {{"name", model}}).at("registered_model");
  }

  // Those that carry an id (this one, if given), by it. Of two with one id (two syncs at the same moment) the
  // first counts.
  std::map<std::string, Json> known_versions(const std::string& model, const std::string& id_wanted = "") {
    std::map<std::string, Json> versions;
    std::string filter = "name='" + model + "'";
    if (!id_wanted.empty()) filter += fmt::format(" and tags.`{}` = '{}'", kIdTag, id_wanted);
    HttpHeaders query{{"filter", filter}, {"max_results", kPageSize}};
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
    return std::strtoull(version.at("version").get<std::string>().c_str(), nullptr, 10);
  }

  // The version is made last: where it is there, its run is whole. Returns its number.
  std::string add(const TrackedVersion& tracked) {
    const Json run = runs_.send(tracked);
    std::string number = add_version(run, tracked);
    ++result_.added;
    log_info("{} is version {} in MLflow, run {}", tracked.version_tags.at("millrace.version"), number,
             run.at("run_id").get<std::string>());
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

  // What has changed since: tags (the stage is one), description, artifact. Returns the version's number.
  std::string bring_up(const TrackedVersion& tracked, const Json& version) {
    const Json key{{"name", tracked.model}, {"version", version.at("version")}};
    const Pairs there = pairs_of(version);
    bool changed = false;
    if (value_of(there, kArtifactTag) != tracked.version_tags.at(kArtifactTag)) {
      runs_.upload(server_.get("runs/get", {{"run_id", version.at("run_id")}}).at("run").at("info"), tracked);
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

  Server& server_;
  const Workspace& workspace_;
  const RegistryState& state_;
  const SyncOptions& options_;
  Runs runs_;
  SyncResult result_;
};

}  // namespace

SyncResult sync(Server& server, const Workspace& workspace, const RegistryState& state,
                const SyncOptions& options) {
  try {
    return Sync(server, workspace, state, options).run();
  } catch (const Json::exception& error) {
    throw Error(Topic::kNoMlflow, "{} does not answer as MLflow does: {}", server.shown(), error.what());
  }
}

}  // namespace millrace::mlflow
