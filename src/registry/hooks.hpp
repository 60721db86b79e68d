// Commands of the workspace's that run before and after changes of the registry: WORKSPACE/hooks.yaml, which
// docs/registry.md explains. What is to run before a change must end with code 0, or nothing is changed. What
// runs after one only reports: the entry is written.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "registry/registry.hpp"

namespace millrace {

struct Hook {
  std::vector<std::string> command;  // argv; no shell
  double timeout_seconds = 60;

  [[nodiscard]] std::string name() const;
};

// What hooks read on standard input, as JSON: these, "when", "workspace" and "time".
struct HookEvent {
  std::string action;   // register, approve, reject, withdraw, promote, demote
  std::string subject;  // for messages: "churn/7"
  Json details = Json::object();
};

// Used by one thread of one process: the coordinator.
class Hooks {
 public:
  // Hears what a hook after a change had to say against it.
  using Listener = std::function<void(const std::string& message)>;

  // Reads the workspace's hooks.yaml; without one there are no hooks. Throws kUsage with file, line and
  // column.
  explicit Hooks(std::string workspace);

  // Each in order, until one fails. Throws kGateNotPassed (hook-refused) naming it, how it ended and what it
  // wrote to standard error last; kStopped where this process is asked to stop meanwhile.
  void before(const HookEvent& event) const;
  // All in order, whatever they do; a failure is a warning in the log, and the listener's.
  void after(const HookEvent& event, const Listener& listener = {}) const;

 private:
  using ByAction = std::map<std::string, std::vector<Hook>>;

  // How the hook failed, and what it said; "" where it did not.
  [[nodiscard]] std::string run(const Hook& hook, const Json& event) const;
  [[nodiscard]] Json complete(const HookEvent& event, const std::string& when) const;

  std::string workspace_;
  ByAction before_;
  ByAction after_;
};

// The changes of the registry that have hooks. The hooks before see things as they are then, once, whatever
// other writers do meanwhile; the registry checks the change against what it is when the entry is written.
struct NewVersion {
  std::string model;
  Json details;
  std::map<std::string, Json> records;
};
ModelVersion register_version(Registry& registry, const Hooks& hooks, const NewVersion& made,
                              const Hooks::Listener& listener = {});
StageChange change_stage(Registry& registry, const Hooks& hooks, const std::string& model,
                         std::uint64_t version, const std::string& stage, const std::string& comment);
SignOff record_sign_off(Registry& registry, const Hooks& hooks, const std::string& text,
                        const std::string& signature);

}  // namespace millrace
