// `deployment.server: slurm`: an endpoint's server is started where none answers, and waited for.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace millrace {

// What it asks of the world; the defaults are the address in the workspace, Slurm and a steady clock.
struct ServerStartWorld {
  std::function<bool()> answers{};
  std::function<std::optional<std::string>()> submit{};  // as submit_server()
  std::function<double()> seconds{};
};

class ServerStart {
 public:
  ServerStart(const std::string& workspace_root, std::string endpoint, double patience,
              ServerStartWorld world = {});

  // To be called a few times a second until it gives true: a server answers, or there is nothing to wait for
  // (none could be submitted, or it has not come within `patience` seconds). That is a warning: a deployment
  // does without a server.
  bool look();

 private:
  bool submit();

  std::string endpoint_;
  double patience_;
  ServerStartWorld world_;
  std::optional<double> submitted_;
};

}  // namespace millrace
