#include "serving/models/endpoint_follower.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

EndpointFollower::EndpointFollower(Workspace workspace, std::string endpoint, Metrics& metrics,
                                   ScoringDevice* device)
    : workspace_(std::move(workspace)), endpoint_(std::move(endpoint)), metrics_(metrics), device_(device) {}

void EndpointFollower::load_first() {
  const auto state = read_endpoint(workspace_.root(), endpoint_);
  if (!state) {
    throw Error(Topic::kNothingDeployed,
                "nothing is deployed at endpoint '{}' of workspace '{}'{}; deploy a model first", endpoint_,
                workspace_.root(), suggestion(endpoint_, list_folder(workspace_.path("deploy"))));
  }
  served_ = make(*state);
  seen_ = *state;
}

// Throws where the current version cannot be loaded.
std::shared_ptr<const Served> EndpointFollower::make(const EndpointState& state) const {
  auto served = std::make_shared<Served>();
  served->name = endpoint_;
  served->generation = state.generation;
  served->is_endpoint = true;
  served->arms.push_back(make_arm(ArmKind::kCurrent, state.current));
  if (state.candidate) {
    served->mode = state.candidate->mode;
    served->percent = state.candidate->percent;
    add_arm(*served, ArmKind::kCandidate, state.candidate->deployed);
  }
  if (state.previous) add_arm(*served, ArmKind::kPrevious, *state.previous);
  count_metrics(*served);
  return served;
}

Arm EndpointFollower::make_arm(ArmKind kind, const Deployed& what) const {
  Arm arm{.kind = kind, .what = what, .model = model_of(what.artifact), .metrics = {}, .error = {}};
  return arm;
}

// One that is loaded already is kept: what takes over, or comes back, has nothing to load.
std::shared_ptr<const ServedModel> EndpointFollower::model_of(const Digest& artifact) const {
  if (served_) {
    for (const Arm& arm : served_->arms) {
      if (arm.ready() && arm.model->digest() == artifact) return arm.model;
    }
  }
  return load_model(workspace_.object_path(artifact), artifact, device_);
}

void EndpointFollower::add_arm(Served& served, ArmKind kind, const Deployed& what) const {
  try {
    served.arms.push_back(make_arm(kind, what));
  } catch (...) {
    const std::string error = current_error().message();
    log_error("endpoint '{}': the {} version {} cannot be loaded: {}", endpoint_, to_string(kind),
              what.version, error);
    served.arms.push_back({.kind = kind, .what = what, .model = {}, .metrics = {}, .error = error});
  }
}

// All arms count predictions in the current one's bins, so that they can be compared.
void EndpointFollower::count_metrics(Served& served) const {
  const std::size_t bins = served.current().model->bins().size();
  for (Arm& arm : served.arms) arm.metrics = metrics_.of(arm.what.model, arm.what.version, arm.kind, bins);
}

bool EndpointFollower::look() {
  try {
    const auto state = read_endpoint(workspace_.root(), endpoint_);
    if (!state) throw Error(Topic::kNothingDeployed, "its state is gone");
    if (*state == seen_) return false;
    seen_ = *state;
    return follow_to(*state);
  } catch (...) {
    report(current_error().message());
    return false;
  }
}

bool EndpointFollower::follow_to(const EndpointState& state) {
  try {
    const auto before = served_;
    served_ = make(state);
    trouble_.clear();
    if (before->current().model == served_->current().model) return true;
    log_info("endpoint '{}': {} version {} takes over from version {}", endpoint_, state.current.model,
             state.current.version, before->current().what.version);
    add(metrics_.switches);
    return true;
  } catch (...) {
    add(metrics_.refused_switches);
    throw;
  }
}

void EndpointFollower::report(const std::string& trouble) {
  if (trouble == trouble_) return;
  trouble_ = trouble;
  log_error("endpoint '{}' cannot be followed: {}; what was served goes on", endpoint_, trouble);
}

}  // namespace millrace
