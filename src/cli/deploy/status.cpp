#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/deploy/actions.hpp"
#include "deployment/endpoint_journal.hpp"
#include "deployment/judge.hpp"

namespace millrace {

namespace {

struct EndpointStatus {
  Standing standing;
  std::vector<Json> entries;
};

EndpointStatus status_of(const std::string& root, const std::string& endpoint) {
  EndpointJournal journal(root, endpoint);
  EndpointStatus status{journal.standing(), journal.entries()};
  if (status.standing.state) return status;
  throw Error(Topic::kNothingDeployed, "nothing is deployed at endpoint '{}' of workspace '{}'{}", endpoint,
              root, suggestion(endpoint, list_folder(root + "/deploy")));
}

Json to_document(const EndpointStatus& status) {
  return {{"state", *status.standing.state}, {"paused", status.standing.paused}, {"journal", status.entries}};
}

std::string figures_line(const Json& figures) {
  if (!figures.contains("candidate")) return "";  // none, or those of `deploy abtest`
  const auto arm = [&](const char* name) {
    const Json& one = figures.at(name);
    return fmt::format(
        "/{}: {} answered, {} failed, p99 {}", one.at("version").get<std::uint64_t>(),
        one.at("requests").get<std::uint64_t>(), one.at("failed").get<std::uint64_t>(),
        one.at("p99").is_null() ? "beyond all borders" : latency_words(one.at("p99").get<double>()));
  };
  return fmt::format("{:>26}{}; {}; drift {:.3f}\n", "", arm("candidate"), arm("current"),
                     figures.at("/drift/index"_json_pointer).get<double>());
}

void print_entry(const Json& entry) {
  const Json& version = entry.at("version");
  fmt::print("  {}  {:<8} {}/{}  {} ({})\n{}", entry.at("time").get<std::string>(),
             entry.at("type").get<std::string>(), version.at("model").get<std::string>(),
             version.at("version").get<std::uint64_t>(), entry.at("reason").get<std::string>(),
             entry.at("user").get<std::string>(), figures_line(entry.at("figures")));
}

void print_status(const EndpointStatus& status) {
  const EndpointState& state = *status.standing.state;
  fmt::print("{}: {} answers since {}", state.endpoint, name_of(state.current), state.current.time);
  if (state.previous) fmt::print("; before it {}", name_of(*state.previous));
  if (state.candidate) {
    fmt::print("\n  {} is tried as {} on {:.4g} % of the requests{}", name_of(state.candidate->deployed),
               state.candidate->mode == CandidateMode::kShadow ? "shadow" : "canary",
               state.candidate->percent, status.standing.paused ? " (paused)" : "");
  }
  fmt::print("\n");
  for (const Json& entry : status.entries) print_entry(entry);
}

std::vector<std::string> endpoints_of(const std::string& root) {
  std::vector<std::string> names;
  for (const std::string& name : list_folder(root + "/deploy"))
    if (path_exists(root + "/deploy/" + name + "/state.json")) names.push_back(name);
  return names;
}

int run_deploy_status(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, endpoint_options(), {"endpoint"}, comm);
  if (!values) return 0;
  const std::string root = workspace_of(*values);
  const std::string one = text_of(*values, "endpoint");
  Json document = Json::array();
  for (const std::string& endpoint : one.empty() ? endpoints_of(root) : std::vector{one}) {
    const EndpointStatus status = status_of(root, endpoint);
    document.push_back(to_document(status));
    if (values->count("json") == 0) print_status(status);
  }
  if (values->count("json") > 0) fmt::print("{}", pretty_json(document));
  return 0;
}

}  // namespace

Command deploy_status_action() {
  return {"deploy status",
          "[ENDPOINT] [--json] [options]",
          "What endpoints answer with, and how that came: each step with its figures",
          "millrace deploy status churn",
          false,
          run_deploy_status};
}

}  // namespace millrace
