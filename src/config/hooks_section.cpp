#include "config/hooks_section.hpp"

#include "config/reader.hpp"
#include "config/yaml_tree.hpp"

namespace millrace {

template <class Visitor>
void describe(Visitor& visitor, HookSection& hook) {
  visitor.field("command", hook.command, "The program, found by PATH, and its arguments", {.required = true});
  visitor.field("timeout_seconds", hook.timeout_seconds, "After which it is killed", {.min = 0.001});
}

template <class Visitor>
void describe(Visitor& visitor, ActionHooksSection& hooks) {
  visitor.list("register", hooks.on_register, "A version is entered");
  visitor.list("approve", hooks.on_approve, "Somebody signs for a promotion, or a policy");
  visitor.list("reject", hooks.on_reject, "Somebody signs against it");
  visitor.list("withdraw", hooks.on_withdraw, "Somebody takes a sign-off back");
  visitor.list("promote", hooks.on_promote, "A version moves up");
  visitor.list("demote", hooks.on_demote, "A version moves down");
}

template <class Visitor>
void describe(Visitor& visitor, HooksSection& hooks) {
  visitor.section("before", hooks.before, "Each must end with code 0, or the registry stays as it is");
  visitor.section("after", hooks.after, "A failure is a warning");
}

HooksSection read_hooks_section(const std::string& yaml, const std::string& file) {
  const YamlNode tree = parse_yaml(yaml, Mark{file, 1, 1});
  HooksSection section;
  read_section(tree, "", section);
  return section;
}

}  // namespace millrace
