#include "deployment/judge.hpp"

#include <cmath>

#include "base/text.hpp"
#include "deployment/figures.hpp"

namespace millrace {

namespace {

constexpr double kTail = 0.99;
constexpr double kRounding = 1e-12;  // keeps 20 of 100 from being more than 1 − 0.8

std::string percent(double share) {
  return fmt::format("{:.3g} %", 100 * share);
}

std::string quantile_words(const Histogram& latency, double seconds) {
  if (std::isfinite(seconds)) return latency_words(seconds);
  return "more than " + latency_words(latency.borders.empty() ? 0 : latency.borders.back());
}

// One rule of the trial, looked at in two ways: surely broken, or broken by the figures as they are.
class Trial {
 public:
  Trial(const TrialWindow& window, const DeploymentConfig& rules, bool is_over)
      : window_(window),
        rules_(rules),
        is_over_(is_over),
        name_(name_of(window.candidate.deployed)),
        other_(name_of(window.current)) {}

  // Why it fails; empty where it does not.
  [[nodiscard]] std::string failure() const {
    for (const auto rule : {&Trial::failures, &Trial::refusals, &Trial::shadow_failures, &Trial::latency,
                            &Trial::drift, &Trial::agreement}) {
      if (std::string reason = (this->*rule)(); !reason.empty()) return reason;
    }
    return "";
  }

 private:
  // Whether `part` of `whole` is a larger share than is allowed.
  [[nodiscard]] bool exceeds(std::uint64_t part, std::uint64_t whole, double allowed) const {
    if (!is_over_) return is_surely_above(part, whole, allowed);
    return share_of(part, whole) > allowed + kRounding;
  }

  [[nodiscard]] std::string more_than_before(const char* what, std::uint64_t part,
                                             std::uint64_t before) const {
    const std::uint64_t asked = window_.of_candidate.asked();
    const double share_before = share_of(before, window_.of_current.asked());
    if (!exceeds(part, asked, rules_.max_error_rate + share_before)) return "";
    return fmt::format(
        "{} of the {} requests to {} {} ({}), {} of those to {}: deployment.max_error_rate allows {} more",
        part, asked, name_, what, percent(share_of(part, asked)), percent(share_before), other_,
        percent(rules_.max_error_rate));
  }

  [[nodiscard]] std::string failures() const {
    return more_than_before("failed", window_.of_candidate.failed, window_.of_current.failed);
  }
  [[nodiscard]] std::string refusals() const {
    return more_than_before("were refused", window_.of_candidate.refused, window_.of_current.refused);
  }

  [[nodiscard]] std::string shadow_failures() const {
    if (!window_.shadow) return "";
    const ShadowReport& shadow = *window_.shadow;
    const std::uint64_t scored = shadow.compared + shadow.failed;
    if (!exceeds(shadow.failed, scored, rules_.max_error_rate)) return "";
    return fmt::format("{} could not score {} of {} rows ({}): deployment.max_error_rate allows {}", name_,
                       shadow.failed, scored, percent(share_of(shadow.failed, scored)),
                       percent(rules_.max_error_rate));
  }

  [[nodiscard]] std::string latency() const {
    const Histogram& latency = window_.of_candidate.latency;
    const double p99 = quantile_at_most(latency, kTail);
    const double before = quantile_at_most(window_.of_current.latency, kTail);
    const std::uint64_t above = count_surely_above(latency, rules_.latency_p99);
    const bool slow =
        is_over_ ? p99 > rules_.latency_p99 : is_surely_above(above, latency.total(), 1 - kTail);
    if (!slow || (before > rules_.latency_p99 && p99 <= before)) return "";
    return fmt::format("p99 of {} is {}, above the {} of deployment.latency_p99; that of {} is {}", name_,
                       quantile_words(latency, p99), latency_words(rules_.latency_p99), other_,
                       quantile_words(window_.of_current.latency, before));
  }

  [[nodiscard]] std::string drift() const {
    const Drift drift = drift_between(window_.of_candidate.predictions, window_.of_current.predictions);
    if (!is_over_ || drift.excess() <= rules_.max_drift || !drift.is_sure()) return "";
    return fmt::format(
        "the predictions of {} are distributed otherwise than those of {}: a stability index of {:.3f} where "
        "chance gives {:.3f}, and deployment.max_drift allows {:.3g} beyond that",
        name_, other_, drift.index, drift.by_chance, rules_.max_drift);
  }

  [[nodiscard]] std::string agreement() const {
    if (!window_.shadow) return "";
    const ShadowReport& shadow = *window_.shadow;
    const std::uint64_t differing = shadow.compared - std::min(shadow.agreed, shadow.compared);
    if (!exceeds(differing, shadow.compared, 1 - rules_.min_agreement)) return "";
    return fmt::format("{} agrees with {} on {} of {} rows, less than the {} of deployment.min_agreement",
                       name_, other_, percent(share_of(shadow.agreed, shadow.compared)), shadow.compared,
                       percent(rules_.min_agreement));
  }

  const TrialWindow& window_;
  const DeploymentConfig& rules_;
  bool is_over_;
  std::string name_;
  std::string other_;
};

// Of the version that has had fewest.
std::uint64_t requests_seen(const TrialWindow& window) {
  if (window.candidate.mode == CandidateMode::kShadow)
    return window.shadow ? window.shadow->compared + window.shadow->failed : 0;
  return std::min(window.of_candidate.asked(), window.of_current.asked());
}

bool has_enough(const TrialWindow& window, const DeploymentConfig& rules) {
  return window.candidate.percent == 0 || requests_seen(window) >= rules.min_requests;
}

Json seconds_or_null(double seconds) {
  return std::isfinite(seconds) ? Json(seconds) : Json(nullptr);
}

Json figures_of(const Deployed& version, const ArmCounts& counts) {
  return {{"version", version.version},
          {"requests", counts.requests},
          {"refused", counts.refused},
          {"failed", counts.failed},
          {"p50", seconds_or_null(quantile_at_most(counts.latency, 0.5))},
          {"p99", seconds_or_null(quantile_at_most(counts.latency, kTail))}};
}

Json figures_of(const ShadowReport& shadow) {
  const auto compared = static_cast<double>(std::max<std::uint64_t>(shadow.compared, 1));
  return {{"compared", shadow.compared},
          {"agreed", shadow.agreed},
          {"failed", shadow.failed},
          {"mean_absolute_difference", shadow.sum_absolute_difference / compared},
          {"largest_difference", shadow.largest_difference}};
}

}  // namespace

TrialVerdict judge(const TrialWindow& window, const DeploymentConfig& rules) {
  const bool is_over = window.seconds >= rules.window && has_enough(window, rules);
  if (std::string reason = Trial(window, rules, is_over).failure(); !reason.empty())
    return {Decision::kFail, std::move(reason)};
  if (is_over) {
    return {Decision::kPass, fmt::format("{} kept all rules over {} requests",
                                         name_of(window.candidate.deployed), requests_seen(window))};
  }
  return {Decision::kMore,
          fmt::format("{} of the {} requests of deployment.min_requests in {}", requests_seen(window),
                      rules.min_requests, human_seconds(window.seconds))};
}

Json figures_of(const TrialWindow& window) {
  const Drift drift = drift_between(window.of_candidate.predictions, window.of_current.predictions);
  return {{"seconds", window.seconds},
          {"mode", window.candidate.mode == CandidateMode::kShadow ? "shadow" : "canary"},
          {"percent", window.candidate.percent},
          {"current", figures_of(window.current, window.of_current)},
          {"candidate", figures_of(window.candidate.deployed, window.of_candidate)},
          {"drift", {{"index", drift.index}, {"by_chance", drift.by_chance}}},
          {"shadow", window.shadow ? figures_of(*window.shadow) : Json(nullptr)}};
}

std::string latency_words(double seconds) {
  return seconds < 0.999 ? fmt::format("{:.3g} ms", 1e3 * seconds) : fmt::format("{:.3g} s", seconds);
}

std::string name_of(const Deployed& deployed) {
  return fmt::format("{}/{}", deployed.model, deployed.version);
}

}  // namespace millrace
