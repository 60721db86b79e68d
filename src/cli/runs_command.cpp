#include "base/text.hpp"
#include "cli/options.hpp"
#include "pipeline/ledger.hpp"
#include "pipeline/run_status.hpp"

namespace millrace {

namespace {

std::string main_metric(const Json& run) {
  const Json test = run.value("/metrics/test"_json_pointer, Json::object());
  for (const char* name : {"auc", "accuracy", "rmse"}) {
    if (test.contains(name)) return fmt::format("{} {:.4f}", name, test[name].get<double>());
  }
  return "";
}

std::size_t cached_stages(const Json& run) {
  std::size_t cached = 0;
  for (const Json& stage : run.value("stages", Json::array())) cached += stage.value("cached", false) ? 1 : 0;
  return cached;
}

void print_run(const Json& run) {
  const Json seconds = run_seconds(run);
  fmt::print("{:<28} {:<16} {:<12} {:>5} {:>9} {}/{} cached  {}\n", run.value("run", ""),
             run.value("pipeline", ""), run.value("status", ""), run.value("ranks", 0),
             seconds.is_null() ? "" : human_seconds(seconds.get<double>()), cached_stages(run),
             run.value("stages", Json::array()).size(), main_metric(run));
  const std::string error = run.value("/error/message"_json_pointer, "");
  if (!error.empty()) fmt::print("    {}\n", error);
}

int run_runs(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()("limit", po::value<std::size_t>()->default_value(20), "newest runs to show");
  const auto values = parse_options(self, arguments, options, {}, comm);
  if (!values) return 0;
  auto runs = list_runs(Workspace(workspace_of(*values)));
  runs.resize(std::min(runs.size(), (*values)["limit"].as<std::size_t>()));
  if (values->count("json") > 0) return fmt::print("{}", pretty_json(runs)), 0;
  if (runs.empty()) fmt::print("no runs in {}\n", workspace_of(*values));
  if (!runs.empty())
    fmt::print("{:<28} {:<16} {:<12} {:>5} {:>9} stages\n", "run", "pipeline", "status", "ranks", "time");
  for (const Json& record : runs) print_run(record);
  return 0;
}

}  // namespace

Command runs_command() {
  return {"runs", "[options]", "List the workspace's runs, newest first", "millrace runs --limit 5",
          false,  run_runs};
}

}  // namespace millrace
