// Whether a candidate may go on, by what it did in a window of requests. Decisions are functions of counts:
// the same window gives the same verdict, and the journal can be checked.
#pragma once

#include <optional>
#include <string>

#include "config/pipeline_config.hpp"
#include "deployment/arms.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

struct TrialWindow {
  Candidate candidate;  // as it was tried
  Deployed current;
  double seconds = 0;
  ArmCounts of_current;
  ArmCounts of_candidate;
  std::optional<ShadowReport> shadow;
};

enum class Decision {
  kMore,  // the window is not over, or has too few requests
  kPass,
  kFail,
};

struct TrialVerdict {
  Decision decision = Decision::kMore;
  std::string reason;  // in words, with the figures it rests on
};

// A rule that is broken for sure (figures.hpp) is a failure at once: those who ask should not have to wait
// for the window's end. The rest is decided at the end of a window of deployment.window seconds in which both
// versions have had deployment.min_requests requests (shadow: as many rows were compared; a share of 0 %:
// none are needed), by the figures as they are. A latency that the current version exceeds likewise is not
// the candidate's fault.
TrialVerdict judge(const TrialWindow& window, const DeploymentConfig& rules);

// {"seconds", "mode", "percent", "current": {"version", "requests", "refused", "failed", "p50", "p99"},
//  "candidate": the same, "drift": {"index", "by_chance"}, "shadow": {"compared", "agreed", "failed",
//  "mean_absolute_difference", "largest_difference"} or null}. Seconds; null: beyond the last border.
Json figures_of(const TrialWindow& window);

// "churn/8"
std::string name_of(const Deployed& deployed);
// "1.25 ms": human_seconds() knows no parts of a millisecond.
std::string latency_words(double seconds);

}  // namespace millrace
