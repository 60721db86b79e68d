// Which stages models go through, and whose sign-offs take them there. Without a policy nothing is guarded.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace millrace {

inline constexpr const char* kFirstStage = "None";     // of a version that was just registered
inline constexpr const char* kLastStage = "Archived";  // of one that had its time

struct StageRule {
  std::string name;
  std::vector<std::string> approvals;  // the roles of which each must approve; none: anybody may promote
};

struct Policy {
  std::vector<StageRule> stages{{"Staging", {}}, {"Production", {}}};  // in order, between None and Archived
  std::map<std::string, std::vector<std::string>> roles;  // the people of each, as allowed_signers names them
  std::vector<std::string> changes;  // the roles of which each must approve another policy
  std::string allowed_signers;       // lines of ssh-keygen(1), "ALLOWED SIGNERS"

  [[nodiscard]] std::vector<std::string> stage_names() const;  // None first, Archived last
  // The place of a stage among the names. Throws kUsage with a near miss.
  [[nodiscard]] std::size_t rank_of(const std::string& stage) const;
  // Whether a step between stages leads up. Archived is the end and not the top: out of it every step does,
  // and out of a stage that the policy no longer has.
  [[nodiscard]] bool leads_up(const std::string& from, const std::string& to) const;
  // The roles that must approve a step up to the stage.
  [[nodiscard]] std::vector<std::string> approvals_for(const std::string& stage) const;
  [[nodiscard]] bool has_role(const std::string& person, const std::string& role) const;
};

// Throws kUsage where a stage or the policy itself is guarded by a role without enough people, or names are
// none.
void check_policy(const Policy& policy);

void to_json(Json& json, const Policy& policy);
void from_json(const Json& json, Policy& policy);

}  // namespace millrace
