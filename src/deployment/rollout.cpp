#include "deployment/rollout.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "deployment/endpoint_changes.hpp"

namespace millrace {

namespace {

constexpr double kWhole = 100;  // percent
// Until a server shows what it was told to: they look ten times a second.
constexpr double kFollowSeconds = 5;

bool takes_all_at_once(const DeploymentConfig& rules) {
  return rules.mode == "switch" || (rules.mode == "canary" && rules.canary >= kWhole);
}

Candidate first_candidate(const DeploymentConfig& rules, const Deployed& version) {
  const bool shadow = rules.mode == "shadow";
  return {version, shadow ? CandidateMode::kShadow : CandidateMode::kCanary,
          shadow ? kWhole : shares_of(rules).front()};
}

// The next share of a candidate; nothing where it is promoted next.
std::optional<double> next_share(const DeploymentConfig& rules, const Candidate& candidate) {
  if (candidate.mode == CandidateMode::kShadow) return std::nullopt;
  for (const double share : shares_of(rules))
    if (share > candidate.percent) return share;
  return std::nullopt;
}

RolloutWorld complete(RolloutWorld world, const std::string& root, const std::string& endpoint) {
  if (!world.ask) world.ask = [root, endpoint] { return ask_arms(root, endpoint); };
  if (!world.seconds) world.seconds = [watch = Stopwatch()] { return watch.seconds(); };
  return world;
}

}  // namespace

std::vector<double> shares_of(const DeploymentConfig& rules) {
  std::vector<double> shares{rules.canary};
  for (const double share : rules.steps)
    if (share > rules.canary && share < kWhole) shares.push_back(share);
  std::ranges::sort(shares);
  return shares;
}

Rollout::Rollout(const std::string& workspace_root, const std::string& endpoint, Deployed version,
                 DeploymentConfig rules, RolloutWorld world)
    : endpoint_(endpoint),
      version_(std::move(version)),
      rules_(std::move(rules)),
      world_(complete(std::move(world), workspace_root, endpoint)),
      journal_(workspace_root, endpoint) {
  version_.time = now_rfc3339();
  restart_step();
}

std::optional<RolloutResult> Rollout::look() {
  if (!begun_) return begin();
  const Standing& standing = journal_.standing();
  if (!tries_this(standing)) return end(standing);
  if (tried_ != standing.state || standing.paused) restart_step();
  if (standing.paused) return std::nullopt;
  tried_ = standing.state;
  return watch(*standing.state);
}

bool Rollout::tries_this(const Standing& standing) const {
  return standing.state && standing.state->candidate &&
         standing.state->candidate->deployed.artifact == version_.artifact;
}

// What answers at the address may be a server of another workspace: its figures would be about other
// versions.
bool Rollout::is_ours(const ArmsReport& report) {
  const auto& state = journal_.standing().state;
  if (!state || report.find("current", state->current.artifact) != nullptr) return true;
  if (waited() <= kFollowSeconds) return false;
  throw Error(Topic::kResource,
              "the server at the address in deploy/{}/address does not answer with {}, which is deployed "
              "there: it is "
              "another workspace's, or cannot follow this one (see its log). Nothing was changed; start the "
              "endpoint's server, or remove the file to deploy without one",
              endpoint_, name_of(state->current));
}

std::optional<RolloutResult> Rollout::begin() {
  const auto report = takes_all_at_once(rules_) ? std::nullopt : world_.ask();
  if (report && !is_ours(*report)) return std::nullopt;
  begun_ = true;
  return enter(report.has_value());
}

std::optional<RolloutResult> Rollout::enter(bool is_watched) {
  std::string type = "unchanged";
  const Standing& standing = journal_.change([&](const Standing& now) {
    auto change = first_change(now, is_watched);
    if (change) log_info("endpoint {}: {}", endpoint_, change->reason);
    type = change ? "switched" : "unchanged";
    return change;
  });
  restart_step();
  tried_ = standing.state;
  if (tries_this(standing)) return std::nullopt;
  return RolloutResult{type, standing.last_reason, standing.state.value()};
}

std::optional<EndpointChange> Rollout::first_change(const Standing& standing, bool is_watched) const {
  const auto& state = standing.state;
  if (state && state->current.artifact == version_.artifact) return std::nullopt;
  if (tries_this(standing) && !takes_all_at_once(rules_)) return std::nullopt;
  refuse_again(standing);
  const std::string name = name_of(version_);
  if (!state || !is_watched) {
    const std::string why = !state                      ? "the first version here"
                            : takes_all_at_once(rules_) ? "as deployment.mode has it"
                                                        : "no server answers that could be watched";
    return EndpointChange{"deploy", version_, fmt::format("{} answers all requests at once: {}", name, why),
                          switched(state, endpoint_, version_)};
  }
  const Candidate candidate = first_candidate(rules_, version_);
  const std::string instead =
      state->candidate ? fmt::format(", in the place of {}", name_of(state->candidate->deployed)) : "";
  return EndpointChange{"deploy", version_,
                        fmt::format("{} is tried as {} on {:.4g} % of the requests{}", name, rules_.mode,
                                    candidate.percent, instead),
                        with_candidate(*state, candidate)};
}

void Rollout::refuse_again(const Standing& standing) const {
  const auto found = standing.refused.find(version_.artifact);
  if (found == standing.refused.end() || rules_.retry) return;
  throw Error(Topic::kRolledBack,
              "{} was rolled back at endpoint '{}', {}; to try it again: --set deployment.retry=true",
              name_of(version_), endpoint_, found->second);
}

// Somebody else has decided: a person, or another deployment.
std::optional<RolloutResult> Rollout::end(const Standing& standing) {
  const EndpointState& state = standing.state.value();
  if (state.current.artifact == version_.artifact)
    return RolloutResult{"promoted", standing.last_reason, state};
  const bool refused = standing.refused.contains(version_.artifact);
  throw Error(Topic::kRolledBack, "{} {} at endpoint '{}': {}", name_of(version_),
              refused ? "is rolled back" : "has given way", endpoint_, standing.last_reason);
}

void Rollout::restart_step() {
  trial_ = {};
  step_began_ = last_answer_ = world_.seconds();
}

std::optional<RolloutResult> Rollout::watch(const EndpointState& state) {
  const auto report = world_.ask();
  const double now = world_.seconds();
  if (report && shows_candidate(state, *report)) {
    last_answer_ = now;
    return observe(state, *report);
  }
  if (now - last_answer_ > rules_.patience) {
    const std::string patience = human_seconds(rules_.patience);
    roll_back(report ? fmt::format("the server has not loaded {} within {}", name_of(version_), patience)
                     : fmt::format("the server has not answered for {} while {} was tried", patience,
                                   name_of(version_)));
  }
  return std::nullopt;
}

bool Rollout::shows_candidate(const EndpointState& state, const ArmsReport& report) {
  const ReportedArm* arm = report.find("candidate", version_.artifact);
  if (arm != nullptr && !arm->ready && !arm->error.empty())
    roll_back(fmt::format("the server cannot load {}: {}", name_of(version_), arm->error));
  return report.generation >= state.generation && arm != nullptr && arm->ready;
}

std::optional<RolloutResult> Rollout::observe(const EndpointState& state, const ArmsReport& report) {
  if (!trial_.has_begun()) trial_.begin(state, report, world_.seconds());
  trial_.look(report, world_.seconds());
  return decide(judge(trial_.window(), rules_));
}

std::optional<RolloutResult> Rollout::decide(const TrialVerdict& verdict) {
  if (verdict.decision == Decision::kFail) roll_back(verdict.reason);
  if (verdict.decision == Decision::kPass) return step(verdict.reason);
  if (waited() <= std::max(rules_.patience, rules_.window)) return std::nullopt;
  return lose_patience("too few requests: " + verdict.reason);
}

std::optional<RolloutResult> Rollout::lose_patience(const std::string& reason) {
  if (rules_.quiet == "rollback") roll_back(reason);
  if (rules_.quiet == "promote") return step(reason + "; deployment.quiet promotes all the same");
  const bool held = change("window", reason + "; deployment.quiet holds it where it is",
                           [](const EndpointState& state) { return state; });
  if (!held) return std::nullopt;
  return RolloutResult{"held", reason, journal_.standing().state.value()};
}

std::optional<RolloutResult> Rollout::step(const std::string& reason) {
  const auto share = next_share(rules_, tried_->candidate.value());
  if (share) {
    (void)change("step", fmt::format("{}: {:.4g} % of the requests now", reason, *share),
                 [&](const EndpointState& state) { return with_percent(state, *share); });
    return std::nullopt;
  }
  const bool done = change("promote", reason + ": all requests now",
                           [](const EndpointState& state) { return promoted(state, now_rfc3339()); });
  if (!done) return std::nullopt;
  return RolloutResult{"promoted", reason, journal_.standing().state.value()};
}

void Rollout::roll_back(const std::string& reason) {
  const bool done = change("rollback", reason,
                           [](const EndpointState& state) { return rolled_back(state, now_rfc3339()); });
  if (!done) return;
  throw Error(Topic::kRolledBack, "{} is rolled back at endpoint '{}': {}", name_of(version_), endpoint_,
              reason);
}

// Only if all is as it was when the figures were taken; else the next look sees what has changed.
bool Rollout::change(const std::string& type, const std::string& reason,
                     const std::function<EndpointState(const EndpointState&)>& next) {
  bool changed = false;
  journal_.change([&](const Standing& now) -> std::optional<EndpointChange> {
    changed = now.state == tried_ && !now.paused;
    if (!changed) return std::nullopt;
    return EndpointChange{type, version_, reason, next(*now.state),
                          trial_.has_begun() ? figures_of(trial_.window()) : Json(nullptr)};
  });
  if (changed) log_info("endpoint {}: {}: {}", endpoint_, type, reason);
  return changed;
}

}  // namespace millrace
