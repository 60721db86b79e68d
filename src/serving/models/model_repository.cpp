#include "serving/models/model_repository.hpp"

#include <algorithm>
#include <set>

#include "base/log.hpp"
#include "base/topics.hpp"
#include "registry/registry.hpp"

namespace millrace {

ModelRepository::ModelRepository(std::string workspace, Metrics& metrics, ScoringDevice* device)
    : workspace_(std::move(workspace)),
      metrics_(metrics),
      device_(device),
      catalog_(std::make_shared<const Catalog>()) {}

void ModelRepository::add_artifact(const std::string& path) {
  add(load_model(path, device_));
}

void ModelRepository::follow(const std::string& endpoint) {
  followers_.emplace_back(Workspace(workspace_), endpoint, metrics_, device_).load_first();
  rebuild();
}

void ModelRepository::look() {
  bool changed = false;
  for (EndpointFollower& follower : followers_) changed = follower.look() || changed;
  if (changed) rebuild();
}

void ModelRepository::load(const std::string& model, const std::string& version) {
  if (workspace_.empty())
    throw usage_error("this server has no workspace to load models from: start it with --workspace");
  const Registry registry(workspace_ + "/registry");
  const std::string reference = version.empty() ? model : model + "/" + version;
  const ModelVersion& registered = registry.state().resolve(reference);
  if (!registered.artifact)
    throw usage_error("{} has no artifact: it was registered, but not packaged", registered.name());
  log_info("loading {}", registered.name());
  add(load_model(Workspace(workspace_).object_path(*registered.artifact), *registered.artifact, device_));
}

// In place of an equal version.
void ModelRepository::add(std::shared_ptr<const ServedModel> model) {
  std::erase_if(loaded_, [&](const auto& other) {
    return other->name() == model->name() && other->number() == model->number();
  });
  loaded_.push_back(std::move(model));
  std::ranges::stable_sort(loaded_, [](const auto& a, const auto& b) { return a->number() > b->number(); });
  rebuild();
}

void ModelRepository::unload(const std::string& model, const std::string& version) {
  const auto matches = [&](const auto& other) {
    return other->name() == model && (version.empty() || other->version() == version);
  };
  if (std::erase_if(loaded_, matches) > 0) {
    log_info("unloaded {}{}", model, version.empty() ? "" : " version " + version);
    return rebuild();
  }
  const auto served = catalog()->find(model);
  if (served && served->is_endpoint)
    throw usage_error("{} is deployed at endpoint '{}', which alone can take it away", model, served->name);
  throw usage_error("{} is not loaded{}", model, version.empty() ? "" : " in version " + version);
}

Arm ModelRepository::extra_arm(const std::shared_ptr<const ServedModel>& model, ArmKind kind,
                               std::size_t bins) const {
  return {.kind = kind,
          .what = {model->name(), model->number(), model->digest(), {}},
          .model = model,
          .metrics = metrics_.of(model->name(), model->number(), kind, bins),
          .error = {}};
}

// The endpoint with further versions of its model.
std::shared_ptr<const Served> ModelRepository::with_loaded(
    const std::shared_ptr<const Served>& served) const {
  auto result = std::make_shared<Served>(*served);
  const std::size_t bins = served->current().model->bins().size();
  for (const auto& model : loaded_) {
    if (model->name() == served->current().what.model && served->find_version(model->version()) == nullptr)
      result->arms.push_back(extra_arm(model, ArmKind::kExtra, bins));
  }
  return result;
}

std::shared_ptr<const Served> ModelRepository::loaded_versions(const std::string& name) const {
  auto result = std::make_shared<Served>();
  result->name = name;
  for (const auto& model : loaded_) {
    if (model->name() != name) continue;
    const bool first = result->arms.empty();
    const std::size_t bins = first ? model->bins().size() : result->current().model->bins().size();
    result->arms.push_back(extra_arm(model, first ? ArmKind::kCurrent : ArmKind::kExtra, bins));
  }
  return result;
}

void ModelRepository::rebuild() {
  auto catalog = std::make_shared<Catalog>();
  std::vector<std::shared_ptr<const Served>> endpoints;
  for (const EndpointFollower& follower : followers_) {
    endpoints.push_back(with_loaded(follower.served()));
    catalog->add(endpoints.back()->name, endpoints.back());
  }
  for (const auto& served : endpoints) catalog->add(served->current().what.model, served);
  for (const auto& model : loaded_) {
    if (!catalog->find(model->name())) catalog->add(model->name(), loaded_versions(model->name()));
  }
  const std::lock_guard lock(mutex_);
  catalog_ = std::move(catalog);
}

std::vector<IndexEntry> ModelRepository::index() const {
  std::vector<IndexEntry> entries;
  std::set<std::pair<std::string, std::string>> listed;
  for (const auto& [name, served] : catalog()->all()) {
    for (const Arm& arm : served->arms) {
      entries.push_back({name, std::to_string(arm.what.version), arm.ready(), arm.error});
      listed.emplace(name, entries.back().version);
    }
  }
  if (workspace_.empty()) return entries;
  const Registry registry(workspace_ + "/registry");
  for (const ModelVersion& version : registry.state().versions) {
    if (!listed.contains({version.model, std::to_string(version.version)}))
      entries.push_back({version.model, std::to_string(version.version), false, "unloaded"});
  }
  return entries;
}

}  // namespace millrace
