// monitor: requests, or any source, against what the model's artifact says of its training rows.
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/monitor_follow_up.hpp"
#include "cli/monitor_looks.hpp"
#include "report/drift_page.hpp"

namespace millrace {

namespace {

po::options_description monitor_options() {
  po::options_description options = pipeline_options();
  options.add_options()  //
      ("source", po::value<std::vector<std::string>>(),
       "files, globs, folders, addresses; default: the requests of deployment.endpoint")  //
      ("model", po::value<std::string>(),
       "MODEL[/VERSION|@ALIAS], or an artifact's file; default: what the endpoint answers with, or the "
       "model's champion")  //
      ("against", po::value<std::vector<std::string>>(),
       "a file, glob, folder, address to compare with (again for more); default: monitoring.season, or the "
       "training "
       "rows")                                                                                     //
      ("report", po::value<std::string>(), "an HTML page with both distributions of each column")  //
      ("no-retrain", "only look, whatever monitoring.retrain.action is")                           //
      ("from", po::value<std::string>(),
       "of requests: time (RFC 3339), default: monitoring.window before")  //
      ("until", po::value<std::string>(), "of requests: time (RFC 3339), default: now");
  return options;
}

DriftReport look(const Communicator& comm, const po::variables_map& values, const PipelineConfig& config) {
  const bool of_requests = values.count("source") == 0;
  const MonitoredModel model = comm.agree([&] { return monitored_model(values, config, of_requests); });
  DriftReport report = of_requests ? look_at_requests(comm, values, config, model)
                                   : look_at_source(comm, values, config, model);
  report.model = model.name();
  return report;
}

void show(const po::variables_map& values, const PipelineConfig& config, const DriftReport& report) {
  const Json document = to_document(report);
  fmt::print("{}", values.count("json") > 0 ? pretty_json(document) : report_text(report));
  if (values.count("report") > 0) publish_file(values["report"].as<std::string>(), render_drift(document));
  tell_of_drift(config, report);
}

int run_monitor(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, monitor_options(), {"config", "source..."}, comm);
  if (!values) return 0;
  const PipelineConfig config = load_pipeline_config(*values, comm);
  const DriftReport report = look(comm, *values, config);
  comm.agree([&] {
    if (comm.is_root()) show(*values, config, report);
  });
  retrain_after(comm, *values, config, report);
  if (report.level != DriftLevel::kRetrain) return 0;
  throw Error(Topic::kDriftFound, "{}: {}, which calls for a retraining", report.model,
              join(report.causes, ", "));
}

}  // namespace

Command monitor_command() {
  return {"monitor",
          "CONFIG [SOURCE...] [--model MODEL] [options]",
          "Compare requests, or any source, with what the model was trained on",
          "millrace monitor configs/quickstart.yaml new-customers.csv",
          true,
          run_monitor};
}

}  // namespace millrace
