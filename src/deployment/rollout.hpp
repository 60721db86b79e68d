// A version on its way to answering all of an endpoint's requests: tried as a candidate on a part of them,
// judged by windows (judge.hpp), stepped up or rolled back. All that must survive this process is in the
// endpoint's journal: another process that deploys the same version goes on from there.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "config/pipeline_config.hpp"
#include "deployment/endpoint_journal.hpp"
#include "deployment/trial.hpp"

namespace millrace {

struct RolloutResult {
  // "unchanged" (it was current), "switched" (at once), "promoted", "held" (deployment.quiet)
  std::string outcome;
  std::string reason;
  EndpointState state;
};

// What it asks of the world; the defaults are the endpoint's server and a steady clock. For tests.
struct RolloutWorld {
  std::function<std::optional<ArmsReport>()> ask{};
  std::function<double()> seconds{};
};

class Rollout {
 public:
  // The version has been verified: endpoint.hpp. Its time is filled in.
  Rollout(const std::string& workspace_root, const std::string& endpoint, Deployed version,
          DeploymentConfig rules, RolloutWorld world = {});

  // One look at the server and the journal, and what follows; to be called again, a few times a second, until
  // there is a result. Throws kRolledBack with the reason where the version has to go, was rolled back
  // earlier (and deployment.retry is off) or gave way to another; kResource, also for a server that answers
  // with other versions than this endpoint's.
  std::optional<RolloutResult> look();

 private:
  std::optional<RolloutResult> begin();
  [[nodiscard]] bool is_ours(const ArmsReport& report);
  std::optional<RolloutResult> enter(bool is_watched);
  [[nodiscard]] std::optional<EndpointChange> first_change(const Standing& standing, bool is_watched) const;
  void refuse_again(const Standing& standing) const;
  std::optional<RolloutResult> end(const Standing& standing);
  std::optional<RolloutResult> watch(const EndpointState& state);
  bool shows_candidate(const EndpointState& state, const ArmsReport& report);
  std::optional<RolloutResult> observe(const EndpointState& state, const ArmsReport& report);
  std::optional<RolloutResult> decide(const TrialVerdict& verdict);
  std::optional<RolloutResult> lose_patience(const std::string& reason);
  std::optional<RolloutResult> step(const std::string& reason);
  void roll_back(const std::string& reason);
  void restart_step();
  bool change(const std::string& type, const std::string& reason,
              const std::function<EndpointState(const EndpointState&)>& next);
  [[nodiscard]] double waited() const { return world_.seconds() - step_began_; }
  [[nodiscard]] bool tries_this(const Standing& standing) const;

  std::string endpoint_;
  Deployed version_;
  DeploymentConfig rules_;
  RolloutWorld world_;
  EndpointJournal journal_;
  bool begun_ = false;
  std::optional<EndpointState> tried_;  // the state that the window is about
  TrialWatch trial_;
  double step_began_ = 0;
  double last_answer_ = 0;
};

// The shares that a version goes through: the first, then those of `steps` above it, without 100.
std::vector<double> shares_of(const DeploymentConfig& rules);

}  // namespace millrace
