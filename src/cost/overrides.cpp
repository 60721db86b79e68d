#include "cost/overrides.hpp"

#include "storage/journal.hpp"

namespace millrace {

namespace {

Journal override_journal(const Workspace& workspace) {
  return {workspace.path("cost/overrides"), "overrides"};
}

}  // namespace

void record_override(const Workspace& workspace, const Json& override_of_run) {
  Json content = override_of_run;
  content["type"] = "override";
  override_journal(workspace).append({}, [&](const std::vector<JournalEntry>&) { return content; });
}

std::vector<Json> recorded_overrides(const Workspace& workspace) {
  std::vector<Json> overrides;
  for (const JournalEntry& entry : override_journal(workspace).read()) overrides.push_back(entry.content());
  return overrides;
}

}  // namespace millrace
