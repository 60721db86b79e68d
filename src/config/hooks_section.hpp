// Hooks of the registry as they stand in a file.
#pragma once

#include <string>
#include <vector>

namespace millrace {

struct HookSection {
  std::vector<std::string> command;
  double timeout_seconds = 60;
};

// In the order in which they run.
struct ActionHooksSection {
  std::vector<HookSection> on_register;
  std::vector<HookSection> on_approve;
  std::vector<HookSection> on_reject;
  std::vector<HookSection> on_withdraw;
  std::vector<HookSection> on_promote;
  std::vector<HookSection> on_demote;
};

struct HooksSection {
  ActionHooksSection before;
  ActionHooksSection after;
};

// Throws kUsage with file, line and column for what is no such section.
HooksSection read_hooks_section(const std::string& yaml, const std::string& file);

}  // namespace millrace
