#include "base/json.hpp"
#include "cli/doctor_checks.hpp"
#include "cli/options.hpp"

namespace millrace {

namespace {

void print(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    fmt::print("{:<8} {:<12} {}\n", finding.state, finding.subject, finding.found);
    if (!finding.consequence.empty()) fmt::print("{:<8} {:<12} → {}\n", "", "", finding.consequence);
  }
}

int run_doctor(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, workspace_options(), {}, comm);
  if (!values) return 0;
  const std::string workspace = comm.agree([&] { return workspace_of(*values); });
  const auto findings = examine_machine(comm, workspace);
  if (!comm.is_root()) return 0;
  if (values->count("json") > 0) {
    Json document = Json::array();
    for (const Finding& f : findings) {
      document.push_back(
          {{"state", f.state}, {"subject", f.subject}, {"found", f.found}, {"consequence", f.consequence}});
    }
    return fmt::print("{}", pretty_json(document)), 0;
  }
  print(findings);
  return 0;
}

}  // namespace

Command doctor_command() {
  return {"doctor",
          "[options]",
          "What this machine has, what is missing, and what that costs",
          "mpirun -n 4 millrace doctor",
          true,
          run_doctor};
}

}  // namespace millrace
