// Keeps an endpoint's snapshot at what is deployed to it: new versions are loaded and prove their golden rows
// beside the old ones, then the snapshot changes. Internal to serving/.
#pragma once

#include <memory>
#include <string>

#include "serving/models/served.hpp"
#include "storage/objects.hpp"

namespace millrace {

class EndpointFollower {
 public:
  // `device`: of ModelRepository.
  EndpointFollower(Workspace workspace, std::string endpoint, Metrics& metrics,
                   ScoringDevice* device = nullptr);

  // What to begin with. Throws kResource where nothing is deployed, or what load_model throws of the current
  // version; any other that cannot be loaded is an arm with an error.
  void load_first();
  // Looks for a change; true: there is a new snapshot. What goes wrong is logged once, and all stays as it
  // is.
  bool look();
  [[nodiscard]] const std::shared_ptr<const Served>& served() const { return served_; }

 private:
  [[nodiscard]] std::shared_ptr<const Served> make(const EndpointState& state) const;
  [[nodiscard]] Arm make_arm(ArmKind kind, const Deployed& what) const;
  [[nodiscard]] std::shared_ptr<const ServedModel> model_of(const Digest& artifact) const;
  void add_arm(Served& served, ArmKind kind, const Deployed& what) const;
  void count_metrics(Served& served) const;
  bool follow_to(const EndpointState& state);
  void report(const std::string& trouble);

  Workspace workspace_;
  std::string endpoint_;
  Metrics& metrics_;
  ScoringDevice* device_;
  EndpointState seen_;  // followed, or refused: not tried again
  std::shared_ptr<const Served> served_;
  std::string trouble_;  // that was logged last
};

}  // namespace millrace
