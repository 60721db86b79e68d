#include "config/policy_section.hpp"

#include "config/reader.hpp"
#include "config/yaml_tree.hpp"

namespace millrace {

template <class Visitor>
void describe(Visitor& visitor, StageSection& stage) {
  visitor.field("name", stage.name, "What the stage is called", {.required = true});
  visitor.field("approvals", stage.approvals,
                "The roles of which each must approve; none: it is not guarded");
}

template <class Visitor>
void describe(Visitor& visitor, RoleSection& role) {
  visitor.field("people", role.people, "Who has the role, as allowed_signers names them");
}

template <class Visitor>
void describe(Visitor& visitor, PolicySection& policy) {
  visitor.list("stages", policy.stages, "In order, between None and Archived");
  visitor.table("roles", policy.roles, RoleSection(), "By name");
  visitor.field("changes", policy.changes, "The roles of which each must approve another policy");
  visitor.field("allowed_signers", policy.allowed_signers, "The people's keys, a file beside this one");
}

PolicySection read_policy_section(const std::string& yaml, const std::string& file) {
  const YamlNode tree = parse_yaml(yaml, Mark{file, 1, 1});
  PolicySection section;
  read_section(tree, "", section);
  return section;
}

}  // namespace millrace
