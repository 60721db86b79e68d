#include "registry/hooks.hpp"

#include <filesystem>

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "config/hooks_section.hpp"

namespace millrace {

namespace {

// A path that is relative is the workspace's, from wherever Millrace is called.
std::vector<std::string> located(std::vector<std::string> command, const std::string& workspace) {
  const bool is_path = command.at(0).find('/') != std::string::npos;
  if (is_path) command[0] = (std::filesystem::path(workspace) / command[0]).string();
  return command;
}

std::vector<Hook> hooks_from(const std::vector<HookSection>& sections, const std::string& workspace) {
  std::vector<Hook> hooks;
  for (const HookSection& section : sections)
    hooks.push_back({located(section.command, workspace), section.timeout_seconds});
  return hooks;
}

std::map<std::string, std::vector<Hook>> hooks_from(const ActionHooksSection& section,
                                                    const std::string& workspace) {
  return {{"register", hooks_from(section.on_register, workspace)},
          {"approve", hooks_from(section.on_approve, workspace)},
          {"reject", hooks_from(section.on_reject, workspace)},
          {"withdraw", hooks_from(section.on_withdraw, workspace)},
          {"promote", hooks_from(section.on_promote, workspace)},
          {"demote", hooks_from(section.on_demote, workspace)}};
}

std::string words_of(const std::string& output) {
  const std::string words = last_words(output);
  return words.empty() ? "it said nothing" : millrace::quoted(words, words.size());
}

}  // namespace

std::string Hook::name() const {
  return join(command, " ");
}

Hooks::Hooks(std::string workspace) : workspace_(std::move(workspace)) {
  const std::string file = workspace_ + "/hooks.yaml";
  if (!path_exists(file)) return;
  const HooksSection section = read_hooks_section(read_file(file), file);
  before_ = hooks_from(section.before, workspace_);
  after_ = hooks_from(section.after, workspace_);
}

Json Hooks::complete(const HookEvent& event, const std::string& when) const {
  Json whole = event.details;
  whole["action"] = event.action;
  whole["when"] = when;
  whole["workspace"] = std::filesystem::absolute(workspace_).lexically_normal().string();
  whole["time"] = now_rfc3339();
  return whole;
}

std::string Hooks::run(const Hook& hook, const Json& event) const {
  const std::string folder = workspace_ + "/tmp/";
  PendingFile in(folder + "hook-event");
  in.write(pretty_json(event));
  PendingFile complaint(folder + "hook-complaint");
  complaint.write("");
  catch_stop_signals();
  const ChildFiles files{"/dev/null", complaint.temporary_path(), in.temporary_path()};
  int code = 0;
  try {
    code = run_child(hook.command, files, hook.timeout_seconds);
  } catch (const Error& error) {
    return error.message();
  }
  if (code == 0) return "";
  return fmt::format("{}: {}", how_it_ended(code, hook.timeout_seconds),
                     words_of(complaint.temporary_path()));
}

void Hooks::before(const HookEvent& event) const {
  const auto hooks = before_.find(event.action);
  if (hooks == before_.end()) return;
  for (const Hook& hook : hooks->second) {
    const std::string failure = run(hook, complete(event, "before"));
    if (failure.empty()) continue;
    if (stop_requested())
      throw Error(Topic::kStopped, "stopped while the hook '{}' ran; {} stays as it is", hook.name(),
                  event.subject);
    throw Error(Topic::kHookRefused, "the hook '{}' refuses to {} {}, which stays as it is: {}", hook.name(),
                event.action, event.subject, failure);
  }
}

void Hooks::after(const HookEvent& event, const Listener& listener) const {
  const auto hooks = after_.find(event.action);
  if (hooks == after_.end()) return;
  for (const Hook& hook : hooks->second) {
    const std::string failure = run(hook, complete(event, "after"));
    if (failure.empty()) continue;
    const std::string message = fmt::format("the hook '{}' after {} of {}, which is done, failed: {}",
                                            hook.name(), event.action, event.subject, failure);
    log_warning("{}", message);
    if (listener) listener(message);
  }
}

}  // namespace millrace
