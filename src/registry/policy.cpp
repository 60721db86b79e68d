#include "registry/policy.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

template <class... Arguments>
Error refused_policy(fmt::format_string<Arguments...> reason, Arguments&&... arguments) {
  return {Topic::kPolicy, "the policy is refused: {}",
          fmt::format(reason, std::forward<Arguments>(arguments)...)};
}

// `what` is guarded by approvals in these roles, each by another person.
void check_roles(const Policy& policy, const std::string& what, const std::vector<std::string>& roles) {
  std::set<std::string> people;
  for (const std::string& role : roles) {
    const auto found = policy.roles.find(role);
    if (found == policy.roles.end()) {
      throw refused_policy("{} takes an approval as '{}', which is none of its roles", what, role);
    }
    people.insert(found->second.begin(), found->second.end());
  }
  if (std::set<std::string>(roles.begin(), roles.end()).size() != roles.size())
    throw refused_policy("{} takes two approvals in one role", what);
  if (people.size() < roles.size()) {
    throw refused_policy("{} takes {} approvals by different people, but its roles have {}", what,
                         roles.size(), people.size());
  }
}

}  // namespace

std::vector<std::string> Policy::stage_names() const {
  std::vector<std::string> names{kFirstStage};
  for (const StageRule& stage : stages) names.push_back(stage.name);
  names.emplace_back(kLastStage);
  return names;
}

std::size_t Policy::rank_of(const std::string& stage) const {
  const std::vector<std::string> names = stage_names();
  const auto found = std::ranges::find(names, stage);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw Error(Topic::kUnknownStage, "no stage is called '{}'{}; there are {}", stage,
              suggestion(stage, names), join(names, ", "));
}

bool Policy::leads_up(const std::string& from, const std::string& to) const {
  const std::vector<std::string> names = stage_names();
  if (to == kLastStage) return false;
  if (from == kLastStage || std::ranges::find(names, from) == names.end()) return true;
  return rank_of(to) > rank_of(from);
}

std::vector<std::string> Policy::approvals_for(const std::string& stage) const {
  const auto found = std::ranges::find(stages, stage, &StageRule::name);
  return found == stages.end() ? std::vector<std::string>() : found->approvals;
}

bool Policy::has_role(const std::string& person, const std::string& role) const {
  const auto found = roles.find(role);
  return found != roles.end() && std::ranges::find(found->second, person) != found->second.end();
}

void check_policy(const Policy& policy) {
  const std::vector<std::string> names = policy.stage_names();
  if (policy.stages.empty()) throw refused_policy("it has no stages");
  for (const std::string& name : names) {
    if (!is_plain_name(name))
      throw refused_policy("{} cannot be a stage: {}", millrace::quoted(name), kPlainNameRule);
    if (std::ranges::count(names, name) > 1) throw refused_policy("the stage {} occurs twice", name);
  }
  for (const StageRule& stage : policy.stages)
    check_roles(policy, "the stage " + stage.name, stage.approvals);
  check_roles(policy, "a change", policy.changes);
}

void to_json(Json& json, const StageRule& stage) {
  json = {{"name", stage.name}, {"approvals", stage.approvals}};
}

void from_json(const Json& json, StageRule& stage) {
  stage = {json_get<std::string>(json, "name", "a stage"),
           json_get<std::vector<std::string>>(json, "approvals", "a stage")};
}

void to_json(Json& json, const Policy& policy) {
  json = {{"stages", policy.stages},
          {"roles", policy.roles},
          {"changes", policy.changes},
          {"allowed_signers", policy.allowed_signers}};
}

void from_json(const Json& json, Policy& policy) {
  const std::string what = "a policy";
  policy.stages = json_get<std::vector<StageRule>>(json, "stages", what);
  policy.roles = json_get<std::map<std::string, std::vector<std::string>>>(json, "roles", what);
  policy.changes = json_get<std::vector<std::string>>(json, "changes", what);
  policy.allowed_signers = json_get<std::string>(json, "allowed_signers", what);
}

}  // namespace millrace
