// Keeps the slot at what is deployed to an endpoint: a new version is loaded and proves its golden rows
// beside the old one, then takes its place between two requests. Internal to serving/.
#pragma once

#include <memory>
#include <string>

#include "base/digest.hpp"
#include "serving/served_model.hpp"
#include "storage/objects.hpp"

namespace millrace {

class EndpointFollower {
 public:
  EndpointFollower(Workspace workspace, std::string endpoint, Metrics& metrics);

  // The model to begin with. Throws kResource where nothing is deployed, or what load_model throws.
  std::shared_ptr<const ServedModel> load_first();
  // Looks for a switch. What goes wrong is logged once and the slot stays as it is.
  void follow(ModelSlot& slot);

 private:
  [[nodiscard]] std::shared_ptr<const ServedModel> load(const Digest& artifact) const;
  void follow_to(const Digest& artifact, ModelSlot& slot);
  void report(const std::string& trouble);

  Workspace workspace_;
  std::string endpoint_;
  Metrics& metrics_;
  Digest current_;
  Digest refused_;       // broken: not tried again
  std::string trouble_;  // that was logged last
};

}  // namespace millrace
