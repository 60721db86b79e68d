#include "cli/registry/policy_file.hpp"

#include <filesystem>

#include "base/file.hpp"
#include "config/policy_section.hpp"

namespace millrace {

Policy read_policy_file(const std::string& path) {
  const PolicySection section = read_policy_section(read_file(path), path);
  Policy policy;
  policy.stages.clear();
  for (const StageSection& stage : section.stages) policy.stages.push_back({stage.name, stage.approvals});
  for (const auto& [name, role] : section.roles) policy.roles[name] = role.people;
  policy.changes = section.changes;
  policy.allowed_signers =
      read_file((std::filesystem::path(path).parent_path() / section.allowed_signers).string());
  check_policy(policy);
  return policy;
}

}  // namespace millrace
