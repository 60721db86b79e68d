#include "registry/approvals.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

template <class... Arguments>
Error refused_sign_off(fmt::format_string<Arguments...> reason, Arguments&&... arguments) {
  return {Topic::kRefusedSignOff, "the sign-off is refused: {}",
          fmt::format(reason, std::forward<Arguments>(arguments)...)};
}

bool is_expired(const Statement& statement, const std::string& now) {
  return !statement.expires.empty() && statement.expires <= now;
}

// Written about this journal, and about the artifact that the version has.
void check_place(const RegistryState& state, const Statement& statement) {
  const std::uint64_t at = statement.position;
  if (at == 0 || at > state.entries || state.digests[at - 1] != statement.head) {
    throw refused_sign_off(
        "it was written about another history: entry {} of this one is another, or missing", at);
  }
  if (statement.model.empty()) return;
  const ModelVersion& version = state.resolve(fmt::format("{}/{}", statement.model, statement.version));
  if (version.artifact.value_or(Digest()) != statement.artifact) {
    throw refused_sign_off("it is about an artifact that {} does not have now", version.name());
  }
  (void)state.stages().rank_of(statement.stage);
}

const SignOff& withdrawn_by(const RegistryState& state, const Statement& statement,
                            const std::string& person) {
  const auto found = std::ranges::find(state.sign_offs, statement.withdraws, &SignOff::entry);
  if (found == state.sign_offs.end()) throw refused_sign_off("entry {} is no sign-off", statement.withdraws);
  if (found->person != person)
    throw refused_sign_off("entry {} is {}'s, not {}'s", found->entry, found->person, person);
  if (found->used_by != 0)
    throw refused_sign_off("entry {} was used by entry {}", found->entry, found->used_by);
  return *found;
}

bool is_standing(const SignOff& sign_off, const std::string& now) {
  return !sign_off.withdrawn && sign_off.used_by == 0 && !is_expired(sign_off.statement, now) &&
         sign_off.statement.vote != Vote::kWithdraw;
}

void check_said_once(const RegistryState& state, const Statement& statement, const std::string& person,
                     const std::string& now) {
  for (const SignOff& earlier : state.sign_offs) {
    if (earlier.person == person && is_standing(earlier, now) && earlier.statement.same_subject(statement)) {
      throw refused_sign_off("{} has spoken about {} already, in entry {}; that can be withdrawn", person,
                             subject_of(statement), earlier.entry);
    }
  }
}

bool still_holds(const SignOff& sign_off, const Policy& policy) {
  try {
    return verify_signature(sign_off.text, sign_off.signature, policy.allowed_signers, sign_off.time,
                            kSignOffSignature) == sign_off.person;
  } catch (const Error& error) {
    if (error.topic() != Topic::kRefusedSignOff) throw;
    return false;
  }
}

// The sign-offs of the vote about the subject that count now.
std::vector<const SignOff*> counting(const RegistryState& state, const Statement& subject, Vote vote,
                                     const std::string& now) {
  std::vector<const SignOff*> found;
  for (const SignOff& sign_off : state.sign_offs) {
    if (sign_off.statement.vote == vote && is_standing(sign_off, now) &&
        sign_off.statement.same_subject(subject) &&
        state.policy->has_role(sign_off.person, sign_off.statement.role) &&
        still_holds(sign_off, *state.policy)) {
      found.push_back(&sign_off);
    }
  }
  return found;
}

// One approval a role, each by another person; roles are few, so that all ways are tried. The roles left
// without one are fewest in the result.
struct Choice {
  std::vector<std::uint64_t> entries;
  std::vector<std::string> missing;
};

Choice choose(const std::vector<const SignOff*>& approvals, const std::vector<std::string>& roles,
              std::size_t role, std::vector<std::string>& spoken) {
  if (role == roles.size()) return {};
  Choice best = choose(approvals, roles, role + 1, spoken);
  best.missing.insert(best.missing.begin(), roles[role]);
  for (const SignOff* approval : approvals) {
    if (approval->statement.role != roles[role] || std::ranges::count(spoken, approval->person) > 0) continue;
    spoken.push_back(approval->person);
    Choice choice = choose(approvals, roles, role + 1, spoken);
    spoken.pop_back();
    choice.entries.push_back(approval->entry);
    if (choice.missing.size() < best.missing.size()) best = std::move(choice);
  }
  return best;
}

}  // namespace

std::string time_of_judgement(const RegistryState& state) {
  return std::max(now_rfc3339(), state.time);
}

std::string check_sign_off(const RegistryState& state, const Statement& statement, const std::string& text,
                           const std::string& signature, const std::string& now) {
  if (!state.policy) {
    throw Error(Topic::kPolicy, "the policy is refused: there is none, so nothing takes a sign-off; {}",
                "`millrace init-policy` writes one");
  }
  check_place(state, statement);
  if (is_expired(statement, now)) throw refused_sign_off("it has expired at {}", statement.expires);
  std::string person =
      verify_signature(text, signature, state.policy->allowed_signers, now, kSignOffSignature);
  if (statement.vote == Vote::kWithdraw) {
    (void)withdrawn_by(state, statement, person);
    return person;
  }
  if (!state.policy->has_role(person, statement.role)) {
    throw refused_sign_off("{} is not one of the policy's people in the role {}", person, statement.role);
  }
  check_said_once(state, statement, person, now);
  return person;
}

std::vector<std::uint64_t> require_approvals(const RegistryState& state, const Statement& subject,
                                             const std::vector<std::string>& roles, const std::string& what,
                                             const std::string& now) {
  if (roles.empty()) return {};
  const auto rejections = counting(state, subject, Vote::kReject, now);
  if (!rejections.empty()) {
    throw Error(Topic::kNotApproved, "{}: {} has rejected it as {} (entry {}){}", what, rejections[0]->person,
                rejections[0]->statement.role, rejections[0]->entry,
                rejections[0]->statement.comment.empty() ? "" : ": " + rejections[0]->statement.comment);
  }
  std::vector<std::string> spoken;
  Choice choice = choose(counting(state, subject, Vote::kApprove, now), roles, 0, spoken);
  if (choice.missing.empty()) {
    std::ranges::sort(choice.entries);
    return choice.entries;
  }
  throw Error(Topic::kNotApproved, "{}: nobody has approved it as {}", what,
              join(choice.missing, ", nor as "));
}

}  // namespace millrace
