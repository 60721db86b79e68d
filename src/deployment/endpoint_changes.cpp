#include "deployment/endpoint_changes.hpp"

namespace millrace {

EndpointState switched(const std::optional<EndpointState>& before, const std::string& endpoint,
                       Deployed next) {
  EndpointState state = before.value_or(EndpointState{});
  state.endpoint = endpoint;
  if (before) state.previous = before->current;
  state.current = std::move(next);
  state.candidate.reset();
  return state;
}

EndpointState with_candidate(EndpointState state, Candidate candidate) {
  state.candidate = std::move(candidate);
  return state;
}

EndpointState with_percent(EndpointState state, double percent) {
  state.candidate.value().percent = percent;
  return state;
}

EndpointState promoted(const EndpointState& state, const std::string& time) {
  Deployed next = state.candidate.value().deployed;
  next.time = time;
  return switched(state, state.endpoint, std::move(next));
}

std::optional<Deployed> newest_in_trial(const EndpointState& state) {
  if (state.candidate) return state.candidate->deployed;
  return state.previous ? std::optional(state.current) : std::nullopt;
}

EndpointState rolled_back(EndpointState state, const std::string& time) {
  if (state.candidate) {
    state.candidate.reset();
    return state;
  }
  std::swap(state.current, state.previous.value());
  state.current.time = time;
  return state;
}

}  // namespace millrace
