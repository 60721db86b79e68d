// A registry's policy as it stands in a file.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace millrace {

struct StageSection {
  std::string name;
  std::vector<std::string> approvals;
};

struct RoleSection {
  std::vector<std::string> people;
};

struct PolicySection {
  std::vector<StageSection> stages;
  std::map<std::string, RoleSection> roles;
  std::vector<std::string> changes;
  std::string allowed_signers = "allowed_signers";
};

// Throws kUsage with file, line and column for what is no such section.
PolicySection read_policy_section(const std::string& yaml, const std::string& file);

}  // namespace millrace
