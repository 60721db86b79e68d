#include "serving/endpoint_follower.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

EndpointFollower::EndpointFollower(Workspace workspace, std::string endpoint, Metrics& metrics)
    : workspace_(std::move(workspace)), endpoint_(std::move(endpoint)), metrics_(metrics) {}

std::shared_ptr<const ServedModel> EndpointFollower::load_first() {
  const auto state = read_endpoint(workspace_.root(), endpoint_);
  if (!state) {
    throw Error(Topic::kNothingDeployed,
                "nothing is deployed at endpoint '{}' of workspace '{}'{}; deploy a model first", endpoint_,
                workspace_.root(), suggestion(endpoint_, list_folder(workspace_.path("deploy"))));
  }
  auto model = load(state->current.artifact);
  current_ = state->current.artifact;
  return model;
}

std::shared_ptr<const ServedModel> EndpointFollower::load(const Digest& artifact) const {
  const std::string path = workspace_.object_path(artifact);
  const Digest found = digest_of_file(path);
  if (found != artifact) {
    throw Error(Topic::kDamagedArtifact, "artifact '{}' is damaged: its digest is {}…", path, found.brief());
  }
  return load_model(path, metrics_);
}

void EndpointFollower::follow(ModelSlot& slot) {
  try {
    const auto state = read_endpoint(workspace_.root(), endpoint_);
    if (!state) throw Error(Topic::kNothingDeployed, "its state is gone");
    const Digest& wanted = state->current.artifact;
    if (wanted != current_ && wanted != refused_) follow_to(wanted, slot);
    if (wanted == current_) trouble_.clear();
  } catch (...) {
    report(current_error().message());
  }
}

void EndpointFollower::follow_to(const Digest& artifact, ModelSlot& slot) {
  try {
    auto model = load(artifact);
    log_info("endpoint '{}': {} version {} takes over from version {}", endpoint_, model->name(),
             model->version(), slot.get()->version());
    slot.set(std::move(model));
    current_ = artifact;
    refused_ = {};
    metrics_.switched();
  } catch (...) {
    refused_ = artifact;
    metrics_.switch_failed();
    throw;
  }
}

void EndpointFollower::report(const std::string& trouble) {
  if (trouble == trouble_) return;
  trouble_ = trouble;
  log_error("endpoint '{}' cannot be followed: {}; what was served goes on", endpoint_, trouble);
}

}  // namespace millrace
