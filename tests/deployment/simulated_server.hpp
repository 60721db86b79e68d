// A server as a rollout sees it, with requests that come at an even rate and arms that behave as they are
// told; its clock is the test's.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "deployment/arms.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace::testing_support {

inline const std::vector<double> kLatencyBorders{0.001, 0.01, 0.1, 1};
inline const std::vector<double> kScoreBorders{0.2, 0.4, 0.6, 0.8};

struct Behaviour {
  double latency = 0.005;
  double fails = 0;                           // share of requests
  double refuses = 0;                         // share of requests
  std::vector<double> scores{1, 2, 4, 2, 1};  // how predictions spread over the bins
  double agrees = 1;                          // share of rows, as a shadow
  bool ready = true;
  std::string error{};
};

inline Histogram spread(const std::vector<double>& borders, const std::vector<double>& shares,
                        std::uint64_t count) {
  Histogram histogram{borders, std::vector<std::uint64_t>(borders.size() + 1)};
  double sum = 0;
  for (const double share : shares) sum += share;
  for (std::size_t i = 0; i < shares.size(); ++i)
    histogram.counts[i] = static_cast<std::uint64_t>(static_cast<double>(count) * shares[i] / sum);
  return histogram;
}

inline std::vector<double> in_bin_of(double latency) {
  std::vector<double> shares(kLatencyBorders.size() + 1);
  shares[static_cast<std::size_t>(std::ranges::lower_bound(kLatencyBorders, latency) -
                                  kLatencyBorders.begin())] = 1;
  return shares;
}

inline ArmCounts counts_of(const Behaviour& behaviour, double requests) {
  const auto whole = [](double count) { return static_cast<std::uint64_t>(count); };
  const std::uint64_t failed = whole(requests * behaviour.fails);
  const std::uint64_t refused = whole(requests * behaviour.refuses);
  const std::uint64_t answered = whole(requests) - failed - refused;
  return {answered, refused, failed, spread(kLatencyBorders, in_bin_of(behaviour.latency), answered),
          spread(kScoreBorders, behaviour.scores, answered)};
}

class SimulatedServer {
 public:
  SimulatedServer(std::string workspace, double requests_a_second)
      : workspace_(std::move(workspace)), rate_(requests_a_second) {}

  std::map<std::uint64_t, Behaviour> behaviours;  // by version; others are well
  bool answers = true;

  // Time passes, and requests with it.
  void pass(double seconds) {
    now_ += seconds;
    const auto state = read_endpoint(workspace_, "churn");
    if (!answers || !state) return;
    const double percent = state->candidate ? state->candidate->percent : 0;
    const bool shadow = state->candidate && state->candidate->mode == CandidateMode::kShadow;
    if (state->candidate) asked_[state->candidate->deployed.version] += rate_ * seconds * percent / 100;
    asked_[state->current.version] += rate_ * seconds * (shadow ? 1 : 1 - percent / 100);
  }
  void restart() {
    asked_.clear();
    ++starts_;
  }
  [[nodiscard]] double seconds() const { return now_; }

  [[nodiscard]] std::optional<ArmsReport> report() {
    const auto state = read_endpoint(workspace_, "churn");
    if (!answers || !state) return std::nullopt;
    ArmsReport report{state->generation, std::to_string(starts_), {}, {}};
    report.arms.push_back(arm("current", state->current));
    if (!state->candidate) return report;
    const Deployed& candidate = state->candidate->deployed;
    report.arms.push_back(arm("candidate", candidate));
    if (state->candidate->mode == CandidateMode::kShadow) {
      const double rows = asked_[candidate.version];
      report.shadow =
          ShadowReport{static_cast<std::uint64_t>(rows),
                       static_cast<std::uint64_t>(rows * behaviours[candidate.version].agrees), 0, 0, 0};
    }
    return report;
  }

 private:
  ReportedArm arm(const char* name, const Deployed& deployed) {
    const Behaviour& behaviour = behaviours[deployed.version];
    return {name, deployed.artifact, behaviour.ready, behaviour.error,
            counts_of(behaviour, asked_[deployed.version])};
  }

  std::string workspace_;
  double rate_;
  double now_ = 0;
  int starts_ = 1;
  std::map<std::uint64_t, double> asked_;
};

}  // namespace millrace::testing_support
