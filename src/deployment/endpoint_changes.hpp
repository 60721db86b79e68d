// What deployments do to an endpoint's state, as functions of the state alone.
#pragma once

#include <optional>

#include "storage/endpoint_state.hpp"

namespace millrace {

// The version answers everything from now on; a candidate gives way.
EndpointState switched(const std::optional<EndpointState>& before, const std::string& endpoint,
                       Deployed next);
// The version is tried; a candidate that was tried before gives way.
EndpointState with_candidate(EndpointState state, Candidate candidate);
// The candidate gets another share. There must be one, as for promoted().
EndpointState with_percent(EndpointState state, double percent);
// The candidate answers everything from now on.
EndpointState promoted(const EndpointState& state, const std::string& time);
// The version that leaves when the newest is taken back: the candidate, else the current version where there
// is one before it; nothing where there is nothing to take back.
std::optional<Deployed> newest_in_trial(const EndpointState& state);
// Without it: a candidate is dropped, a current version changes places with the one before.
EndpointState rolled_back(EndpointState state, const std::string& time);

}  // namespace millrace
