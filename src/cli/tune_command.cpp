// tune: a search for better settings; with --run, the pipeline with what it found.
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/signals.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/told_run.hpp"
#include "pipeline/search_summary.hpp"
#include "pipeline/tune.hpp"
#include "report/search_page.hpp"

namespace millrace {

namespace {

void tell(const Json& summary, bool json) {
  const std::string folder = summary.at("folder");
  publish_file(folder + "/report.html", render_search(summary));
  fmt::print("{}", json ? pretty_json(summary) : search_text(summary));
  log_info("best configuration {0}/best.yaml\nreport {0}/report.html", folder);
  if (!summary.at("complete").get<bool>())
    log_info("the limit is reached with trials to come: a higher one, or more time, goes on with them");
}

std::string reason_of(const Json& summary) {
  return fmt::format("the best of the search {}: trial {}", summary.at("search").get<std::string>(),
                     summary.at("best").at("trial").get<int>());
}

int run_tune(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = pipeline_options();
  options.add_options()("run", "then run the pipeline with the best values");
  const auto values = parse_options(self, arguments, options, {"config"}, comm);
  if (!values) return 0;
  const PipelineConfig config = load_pipeline_config(*values, comm);
  catch_stop_signals();
  RunOptions prepare;
  prepare.quiet = values->count("quiet") > 0;
  const TuningResult found = tune_pipeline(comm, config, prepare);
  comm.agree([&] {
    if (comm.is_root()) tell(found.summary, values->count("json") > 0);
  });
  if (values->count("run") == 0) return 0;
  RunOptions run;
  run.quiet = prepare.quiet;
  run.because = reason_of(found.summary);
  run.search = trained_trial(found);
  const RunResult result = run_and_tell(comm, found.best, run);
  if (comm.is_root()) {
    log_info("run {}\nreport {}/report.html", result.record.at("run").get<std::string>(), result.folder);
    show_in_mlflow(found.best, result);
  }
  return 0;
}

}  // namespace

Command tune_command() {
  return {"tune",
          "CONFIG [options]",
          "Search for better settings (tuning.space), trials side by side; go on with an earlier search",
          "mpirun -n 4 millrace tune configs/telco-churn.yaml --run",
          true,
          run_tune};
}

}  // namespace millrace
