// Everything that a server serves, and how that changes: endpoints are followed, artifacts given or loaded on
// request. Requests read the catalogue, which is a snapshot. Internal to serving/.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "serving/models/endpoint_follower.hpp"
#include "serving/models/served.hpp"

namespace millrace {

// A line of the repository's index: a version that is loaded, or could be.
struct IndexEntry {
  std::string name;
  std::string version;
  bool ready = false;
  std::string reason;  // why it is not
};

class ModelRepository {
 public:
  // `workspace`: its folder; "" for none. `device` (nullptr: none) scores large batches; it outlives this.
  ModelRepository(std::string workspace, Metrics& metrics, ScoringDevice* device = nullptr);

  // To begin with; each throws where the model cannot be served.
  void add_artifact(const std::string& path);
  void follow(const std::string& endpoint);

  // For one thread at a time, beside any number of requests:
  // Looks for changes of the endpoints.
  void look();
  // Loads a version that is registered in the workspace; "": the newest. Throws kUsage without a workspace,
  // what the registry throws of a version that is none, and what load_model throws.
  void load(const std::string& model, const std::string& version);
  // What was given or loaded on request, of all versions or one. Throws kUsage where there is nothing, and
  // for what an endpoint answers with. Requests that have begun are answered.
  void unload(const std::string& model, const std::string& version);
  // Versions that are loaded, then those that the workspace's registry has besides.
  [[nodiscard]] std::vector<IndexEntry> index() const;

  [[nodiscard]] std::shared_ptr<const Catalog> catalog() const {
    const std::lock_guard lock(mutex_);
    return catalog_;
  }

 private:
  void add(std::shared_ptr<const ServedModel> model);
  void rebuild();
  [[nodiscard]] std::shared_ptr<const Served> with_loaded(const std::shared_ptr<const Served>& served) const;
  [[nodiscard]] std::shared_ptr<const Served> loaded_versions(const std::string& model) const;
  [[nodiscard]] Arm extra_arm(const std::shared_ptr<const ServedModel>& model, ArmKind kind,
                              std::size_t bins) const;

  std::string workspace_;
  Metrics& metrics_;
  ScoringDevice* device_;
  std::vector<EndpointFollower> followers_;
  std::vector<std::shared_ptr<const ServedModel>> loaded_;  // by hand; the newest of a model first
  mutable std::mutex mutex_;                                // of the pointer
  std::shared_ptr<const Catalog> catalog_;
};

}  // namespace millrace
