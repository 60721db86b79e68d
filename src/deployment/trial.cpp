#include "deployment/trial.hpp"

namespace millrace {

void TrialWatch::begin(const EndpointState& state, const ArmsReport& first, double seconds) {
  window_ = {};
  window_.candidate = state.candidate.value();
  window_.current = state.current;
  if (window_.candidate.mode == CandidateMode::kShadow) window_.shadow = ShadowReport{};
  last_ = first;
  began_ = seconds;
}

void TrialWatch::look(const ArmsReport& report, double seconds) {
  const bool same_process = report.started == last_.value().started;
  const auto add = [&](const char* name, const Digest& artifact, ArmCounts& sum) {
    const ReportedArm* now = report.find(name, artifact);
    const ReportedArm* before = same_process ? last_->find(name, artifact) : nullptr;
    if (now != nullptr) add_since(sum, now->counts, before != nullptr ? &before->counts : nullptr);
  };
  add("current", window_.current.artifact, window_.of_current);
  add("candidate", window_.candidate.deployed.artifact, window_.of_candidate);
  if (window_.shadow && report.shadow) {
    const bool before = same_process && last_->shadow;
    add_since(*window_.shadow, *report.shadow, before ? &*last_->shadow : nullptr);
  }
  window_.seconds = seconds - began_;
  last_ = report;
}

}  // namespace millrace
