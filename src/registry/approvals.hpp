// Inside registry/: whether sign-offs make possible what somebody wants to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "registry/registry.hpp"

namespace millrace {

// Checks that a sign-off counts here and now, and whose it is. Throws kUsage with the reason where not:
// another journal, another artifact, a role that the person does not have, the same said before, nothing to
// withdraw.
std::string check_sign_off(const RegistryState& state, const Statement& statement, const std::string& text,
                           const std::string& signature, const std::string& now);

// The entries of approvals in all roles, each by another person, that are not expired, withdrawn or used and
// whose signatures still hold. Throws kGateNotPassed naming the roles that lack one, or the rejection that
// stands against it. `what` is "churn/7 cannot go to Production".
std::vector<std::uint64_t> require_approvals(const RegistryState& state, const Statement& subject,
                                             const std::vector<std::string>& roles, const std::string& what,
                                             const std::string& now);

// The later of now and the journal's last entry: a clock that was set back makes nothing valid again.
std::string time_of_judgement(const RegistryState& state);

}  // namespace millrace
