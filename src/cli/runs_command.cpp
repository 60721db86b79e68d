#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/options.hpp"
#include "pipeline/ledger.hpp"
#include "pipeline/run_status.hpp"
#include "pipeline/search_summary.hpp"

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

// Of a run that works at a search, or has the values of one of its trials.
std::string describe_search(const Json& search) {
  const std::string name = search.value("name", "");
  if (search.contains("trial"))
    return fmt::format("trial {} of the search {}", search.value("trial", 0), name);
  if (!search.contains("best")) return "search " + name;
  return fmt::format("search {}: {} trials{}, the best is trial {}: {} {:.5g}", name,
                     search.value("trials", 0), search.value("complete", false) ? "" : " so far",
                     search.value("/best/trial"_json_pointer, 0), search.value("metric", ""),
                     search.value("/best/score"_json_pointer, 0.0));
}

bool belongs_to(const Json& run, const std::string& search) {
  return run.value("/search/name"_json_pointer, "") == search;
}

void print_run(const Json& run) {
  const Json seconds = run_seconds(run);
  fmt::print("{:<28} {:<16} {:<12} {:>5} {:>9} {}/{} cached  {}\n", run.value("run", ""),
             run.value("pipeline", ""), run.value("status", ""), run.value("ranks", 0),
             seconds.is_null() ? "" : human_seconds(seconds.get<double>()), cached_stages(run),
             run.value("stages", Json::array()).size(), main_metric(run));
  if (run.contains("search")) fmt::print("    {}\n", describe_search(run["search"]));
  const std::string error = run.value("/error/message"_json_pointer, "");
  if (!error.empty()) fmt::print("    {}\n", error);
}

// The search with what it has come to so far, its runs below.
int print_search(const Workspace& workspace, const std::string& name, const std::vector<Json>& runs,
                 bool json) {
  if (runs.empty())
    throw Error(Topic::kUnknownRun, "there is no run of a search '{}' in the workspace '{}'", name,
                workspace.root());
  const std::string path = workspace.path("tuning/" + name + "/search.json");
  const Json summary = path_exists(path) ? read_json_file(path) : Json();
  if (json) return fmt::print("{}", pretty_json({{"search", summary}, {"runs", runs}})), 0;
  if (!summary.is_null()) fmt::print("{}\n", search_text(summary));
  for (const Json& run : runs) print_run(run);
  return 0;
}

int run_runs(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                              //
      ("limit", po::value<std::size_t>()->default_value(20), "newest runs to show")  //
      ("search", po::value<std::string>()->value_name("NAME"),
       "only those of this search: that worked at it, and that trained with what it found; and its trials");
  const auto values = parse_options(self, arguments, options, {}, comm);
  if (!values) return 0;
  const Workspace workspace(workspace_of(*values));
  auto runs = list_runs(workspace);
  const std::string search = text_of(*values, "search");
  if (!search.empty()) {
    std::erase_if(runs, [&](const Json& run) { return !belongs_to(run, search); });
    return print_search(workspace, search, runs, values->count("json") > 0);
  }
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
