// Stages, sign-offs and the policy: what may only happen where others have agreed.
#include <algorithm>

#include "base/topics.hpp"
#include "registry/approvals.hpp"
#include "registry/registry_journal.hpp"

namespace millrace {

namespace {

// Versions of the model that have the stage, where only one may.
std::vector<std::uint64_t> holders(const RegistryState& state, const ModelVersion& next,
                                   const std::string& stage) {
  std::vector<std::uint64_t> found;
  if (stage == kFirstStage || stage == kLastStage) return found;
  for (const ModelVersion& version : state.versions) {
    if (version.model == next.model && version.version != next.version && version.stage == stage)
      found.push_back(version.version);
  }
  return found;
}

// The roles that must approve the step; none where it leads down.
std::vector<std::string> roles_for(const RegistryState& state, const ModelVersion& version,
                                   const std::string& stage) {
  const Policy stages = state.stages();
  return stages.leads_up(version.stage, stage) ? stages.approvals_for(stage) : std::vector<std::string>();
}

std::optional<Json> stage_entry(const RegistryState& state, const std::string& model, std::uint64_t number,
                                const std::string& stage, const std::string& comment) {
  const ModelVersion& version = registered(state, model, number);
  (void)state.stages().rank_of(stage);
  if (version.stage == stage) {
    throw Error(Topic::kContradiction, "{} has the stage {} already", version.name(), stage);
  }
  Statement subject;
  subject.model = model;
  subject.version = number;
  subject.stage = stage;
  subject.artifact = version.artifact.value_or(Digest());
  const auto approvals =
      require_approvals(state, subject, roles_for(state, version, stage),
                        fmt::format("{} cannot go to {}", version.name(), stage), time_of_judgement(state));
  return Json{{"type", "stage"},       {"model", model},     {"version", number},
              {"stage", stage},        {"comment", comment}, {"archived", holders(state, version, stage)},
              {"sign_offs", approvals}};
}

std::optional<Json> policy_entry(const RegistryState& state, const Policy& policy) {
  if (state.policy && Json(*state.policy) == Json(policy)) return std::nullopt;
  Statement subject;
  subject.policy = digest_of(canonical_json(policy));
  std::vector<std::uint64_t> approvals;
  if (state.policy) {
    approvals = require_approvals(state, subject, state.policy->changes, "the policy cannot change",
                                  time_of_judgement(state));
  }
  return Json{{"type", "policy"}, {"policy", policy}, {"sign_offs", approvals}};
}

}  // namespace

StageChange Registry::change_stage(const std::string& model, std::uint64_t version, const std::string& stage,
                                   const std::string& comment) {
  append([&](const RegistryState& state) { return stage_entry(state, model, version, stage, comment); });
  const RegistryState& now = std::as_const(*this).state();
  const auto change = std::find_if(
      now.stage_changes.rbegin(), now.stage_changes.rend(),
      [&](const auto& one) { return one.model == model && one.version == version && one.to == stage; });
  return *change;
}

SignOff Registry::record_sign_off(const std::string& text, const std::string& signature) {
  const Statement statement = parse_statement(text);
  append([&](const RegistryState& state) -> std::optional<Json> {
    const std::string person = check_sign_off(state, statement, text, signature, time_of_judgement(state));
    return Json{{"type", "sign-off"}, {"statement", text}, {"signature", signature}, {"person", person}};
  });
  const RegistryState& now = std::as_const(*this).state();
  return *std::find_if(now.sign_offs.rbegin(), now.sign_offs.rend(),
                       [&](const SignOff& one) { return one.signature == signature; });
}

void Registry::set_policy(const Policy& policy) {
  check_policy(policy);
  append([&](const RegistryState& state) { return policy_entry(state, policy); });
}

Statement as_of(const RegistryState& state, Statement statement) {
  if (!statement.model.empty()) {
    statement.artifact = registered(state, statement.model, statement.version).artifact.value_or(Digest());
  }
  statement.position = state.entries;
  statement.head = state.head;
  return statement;
}

}  // namespace millrace
