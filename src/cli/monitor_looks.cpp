#include "cli/monitor_looks.hpp"

#include <chrono>

#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "cli/artifact_reference.hpp"
#include "deployment/abtest.hpp"
#include "ingestion/csv.hpp"
#include "monitoring/observed_requests.hpp"
#include "monitoring/observed_source.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

namespace {

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

// The source is read as the training data were, but for what the configuration says.
DataConfig reading_of_source(const PipelineConfig& config, const std::vector<std::string>& sources) {
  DataConfig data = config.data;
  data.source.clear();
  for (const std::string& source : sources) data.source.push_back({source, {}});
  data.types.clear();
  return data;
}

}  // namespace

MonitoredModel monitored_model(const po::variables_map& values, const PipelineConfig& config,
                               bool of_requests) {
  return read_monitored_model(artifact_path(values, config, of_requests));
}

DriftReport look_at_requests(const Communicator& comm, const po::variables_map& values,
                             const PipelineConfig& config, const MonitoredModel& model) {
  const TimeWindow window = window_of(values, config.monitoring);
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

DriftReport look_at_source(const Communicator& comm, const PipelineConfig& config,
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

}  // namespace millrace
