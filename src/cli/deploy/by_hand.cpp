// promote, rollback, pause, resume: a person decides instead of the rules, and the journal says so.
#include "cli/deploy/actions.hpp"
#include "deployment/endpoint.hpp"
#include "deployment/judge.hpp"

namespace millrace {

namespace {

using Change = EndpointState (*)(const std::string& root, const std::string& endpoint,
                                 const std::string& reason);

void print_state(const EndpointState& state, bool json) {
  if (json) return fmt::print("{}", pretty_json(state));
  fmt::print("{}: {} answers", state.endpoint, name_of(state.current));
  if (state.candidate)
    fmt::print(", {} has {:.4g} %", name_of(state.candidate->deployed), state.candidate->percent);
  fmt::print("\n");
}

int run_change(const Command& self, const Arguments& arguments, const Communicator& comm, Change change) {
  po::options_description options = endpoint_options();
  options.add_options()("reason,m", po::value<std::string>()->default_value("by hand"), "for the journal");
  const auto values = parse_options(self, arguments, options, {"endpoint"}, comm);
  if (!values) return 0;
  print_state(
      change(workspace_of(*values), required_text(self, *values, "endpoint"), text_of(*values, "reason")),
      values->count("json") > 0);
  return 0;
}

EndpointState take_back(const std::string& root, const std::string& endpoint, const std::string& reason) {
  return roll_back(root, endpoint, reason);
}

template <Change kChange>
int run(const Command& self, const Arguments& arguments, const Communicator& comm) {
  return run_change(self, arguments, comm, kChange);
}

template <Change kChange>
Command action(const char* name, const char* summary) {
  return {fmt::format("deploy {}", name),
          "ENDPOINT [--reason TEXT] [options]",
          summary,
          fmt::format("millrace deploy {} churn --reason 'as agreed on Monday'", name),
          false,
          run<kChange>};
}

}  // namespace

Command deploy_promote_action() {
  return action<promote_candidate>("promote", "The version that is tried answers all requests from now on");
}
Command deploy_rollback_action() {
  return action<take_back>("rollback", "The version before answers again; one that is tried is dropped");
}
Command deploy_pause_action() {
  return action<pause_candidate>("pause", "The version that is tried keeps its share until it is resumed");
}
Command deploy_resume_action() {
  return action<resume_candidate>("resume", "A paused deployment goes on, with a new window");
}

}  // namespace millrace
