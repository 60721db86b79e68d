// monitor: requests, or any source, against what the model's artifact says of its training rows.
#include <chrono>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "base/watchdog.hpp"
#include "cli/artifact_reference.hpp"
#include "cli/options.hpp"
#include "cli/retrain.hpp"
#include "deployment/abtest.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/dialect.hpp"
#include "monitoring/drift_report.hpp"
#include "monitoring/observed_requests.hpp"
#include "monitoring/observed_source.hpp"
#include "pipeline/ledger.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

namespace {

po::options_description monitor_options() {
  po::options_description options = pipeline_options();
  options.add_options()  //
      ("source", po::value<std::vector<std::string>>(),
       "files, globs, folders, addresses; default: the requests of deployment.endpoint")  //
      ("model", po::value<std::string>(),
       "MODEL[/VERSION|@ALIAS], or an artifact's file; default: what the endpoint answers with, or the "
       "model's champion")                                                //
      ("no-retrain", "only look, whatever monitoring.retrain.action is")  //
      ("from", po::value<std::string>(),
       "of requests: time (RFC 3339), default: monitoring.window before")  //
      ("until", po::value<std::string>(), "of requests: time (RFC 3339), default: now");
  return options;
}

std::string endpoint_of(const PipelineConfig& config) {
  return config.deployment.endpoint.empty() ? config.name : config.deployment.endpoint;
}

std::string model_name_of(const PipelineConfig& config) {
  return config.registry.model.empty() ? config.name : config.registry.model;
}

// The file of the artifact that is looked at.
std::string artifact_path(const po::variables_map& values, const PipelineConfig& config, bool of_requests) {
  const std::string named = text_of(values, "model");
  if (!named.empty()) return find_artifact(named, config.workspace).path;
  if (!of_requests) return find_artifact(model_name_of(config) + "@champion", config.workspace).path;
  const auto state = read_endpoint(config.workspace, endpoint_of(config));
  if (!state)
    throw Error(Topic::kNothingDeployed, "nothing is deployed at endpoint '{}'", endpoint_of(config));
  return Workspace(config.workspace).object_path(state->current.artifact);
}

double now_seconds() {
  return parse_rfc3339(now_rfc3339());
}

std::string rfc3339(double seconds) {
  return to_rfc3339(Milliseconds(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000))));
}

TimeWindow window_of(const po::variables_map& values, const MonitoringConfig& monitoring) {
  const std::string until = text_of(values, "until");
  const std::string from = text_of(values, "from");
  TimeWindow window;
  window.until = until.empty() ? now_seconds() : parse_rfc3339(until);
  window.from = from.empty() ? window.until - monitoring.window : parse_rfc3339(from);
  if (window.from < window.until) return window;
  throw usage_error("the window ends at {}, before it begins at {}", rfc3339(window.until),
                    rfc3339(window.from));
}

Labels read_late_labels(const LabelsConfig& labels) {
  const Schema columns({{labels.id, ColumnType::kText}, {labels.label, ColumnType::kText}});
  const Table table = read_csv_table(labels.source.text, DataConfig{}, columns);
  Labels found;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.columns[0].is_valid(i) && table.columns[1].is_valid(i))
      found[{std::string(table.columns[0].text(i)), 0}] = std::string(table.columns[1].text(i));
  }
  return found;
}

std::vector<ScoredShard> labelled_requests(const PipelineConfig& config, const MonitoredModel& model) {
  auto answers =
      labelled_answers(config.workspace, endpoint_of(config), read_late_labels(config.monitoring.labels),
                       model.artifact.scorer.plan().target);
  LabelledAnswers& mine = answers[model.artifact.version];
  return {{0, std::move(mine.predictions), std::move(mine.targets)}};
}

DriftReport monitor_requests(const Communicator& comm, const PipelineConfig& config,
                             const MonitoredModel& model, const TimeWindow& window) {
  const std::string endpoint = endpoint_of(config);
  const Observation seen = observe_requests(comm, model, config.workspace, endpoint, window);
  DriftReport report = compare(model.reference, seen, config.monitoring);
  report.window = {"requests of " + endpoint, rfc3339(window.from), rfc3339(window.until),
                   "its training rows"};
  if (config.monitoring.labels.source.text.empty()) return report;
  const auto scored = comm.agree(
      [&] { return comm.is_root() ? labelled_requests(config, model) : std::vector<ScoredShard>{}; });
  if (const auto found = measure_performance(comm, scored, 1, model, config.monitoring))
    add_performance(report, *found);
  return report;
}

// The source is read as the training data were, but for what the configuration says.
DataConfig reading_of_source(const PipelineConfig& config, const std::vector<std::string>& sources) {
  DataConfig data = config.data;
  data.source.clear();
  for (const std::string& source : sources) data.source.push_back({source, {}});
  data.types.clear();
  return data;
}

DriftReport monitor_source(const Communicator& comm, const PipelineConfig& config,
                           const MonitoredModel& model, const std::vector<std::string>& sources) {
  const SourceObservation observed =
      observe_source(comm, model, reading_of_source(config, sources), Workspace(config.workspace));
  DriftReport report = compare(model.reference, observed.seen, config.monitoring);
  report.window = {join(sources, ", "), "", "", "its training rows"};
  if (const auto found =
          measure_performance(comm, observed.scored, observed.shards, model, config.monitoring))
    add_performance(report, *found);
  return report;
}

// What this look calls for: drift or performance first, then as many rows, or as long a time, as configured.
std::optional<RetrainCause> cause_in(const DriftReport& report, const PipelineConfig& config,
                                     bool of_requests) {
  const RetrainConfig& rules = config.monitoring.retrain;
  if (report.level == DriftLevel::kRetrain) {
    const bool by_labels = report.performance && report.performance->level == DriftLevel::kRetrain;
    return RetrainCause{by_labels ? "performance" : "drift",
                        report.model + ": " + join(report.causes, ", "),
                        "",
                        {{"model", report.model}, {"causes", report.causes}}};
  }
  if (rules.rows > 0 && !of_requests && report.rows >= rules.rows)
    return RetrainCause{"volume", fmt::format("{} new rows", human_count(report.rows)), "", nullptr};
  if (rules.every <= 0) return std::nullopt;
  const std::vector<Json> runs = list_runs(Workspace(config.workspace));
  const double last = runs.empty() ? 0 : parse_rfc3339(runs.front().at("started").get<std::string>());
  if (now_seconds() - last < rules.every) return std::nullopt;
  return RetrainCause{
      "schedule", fmt::format("the last run began {}", runs.empty() ? "never" : rfc3339(last)), "", nullptr};
}

int run_monitor(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, monitor_options(), {"config", "source..."}, comm);
  if (!values) return 0;
  const PipelineConfig config = load_pipeline_config(*values, comm);
  const bool of_requests = values->count("source") == 0;
  const MonitoredModel model =
      comm.agree([&] { return read_monitored_model(artifact_path(*values, config, of_requests)); });
  DriftReport report =
      of_requests ? monitor_requests(comm, config, model, window_of(*values, config.monitoring))
                  : monitor_source(comm, config, model, (*values)["source"].as<std::vector<std::string>>());
  report.model = model.name();
  if (comm.is_root())
    fmt::print("{}", values->count("json") > 0 ? pretty_json(to_document(report)) : report_text(report));
  const bool acts = config.monitoring.retrain.action != "none" && values->count("no-retrain") == 0;
  if (acts) {
    set_deadlines({.collective = 0});  // a retraining in place takes as long as it takes
    comm.agree([&] {
      if (!comm.is_root()) return;
      if (const auto cause = cause_in(report, config, of_requests)) {
        const RetrainOutcome outcome = retrain_now(config, *values, *cause);
        log_info("{}: {}", outcome.begun ? "retraining" : "no retraining", outcome.said);
      }
    });
  }
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
