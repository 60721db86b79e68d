#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/registry/actions.hpp"
#include "cli/registry/policy_file.hpp"

namespace millrace {

namespace {

void show(const RegistryState& state, bool json) {
  if (json) return fmt::print("{}", pretty_json(state.policy ? Json(*state.policy) : Json(nullptr)));
  if (!state.policy)
    return fmt::print("no policy: stages are not guarded (millrace init-policy writes one)\n");
  for (const StageRule& stage : state.policy->stages) {
    fmt::print("{:<14} {}\n", stage.name,
               stage.approvals.empty() ? "not guarded" : "takes " + join(stage.approvals, " and "));
  }
  fmt::print("{:<14} {}\n", "a change",
             state.policy->changes.empty() ? "not guarded" : "takes " + join(state.policy->changes, " and "));
  for (const auto& [role, people] : state.policy->roles) fmt::print("{:<14} {}\n", role, join(people, ", "));
}

int run_registry_policy(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()("file", po::value<std::string>(), "the policy from now on");
  const auto values = parse_options(self, arguments, options, {"file"}, comm);
  if (!values) return 0;
  Registry registry = registry_of(*values);
  if (values->count("file") > 0) registry.set_policy(read_policy_file(text_of(*values, "file")));
  show(registry.state(), values->count("json") > 0);
  return 0;
}

}  // namespace

Command registry_policy_action() {
  return {"registry policy",
          "[FILE] [options]",
          "Show the policy, or set it: another one takes the approvals that this one wants",
          "millrace registry policy policy.yaml",
          false,
          run_registry_policy};
}

}  // namespace millrace
