#include "cli/monitor_looks.hpp"

#include <chrono>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "cli/artifact_reference.hpp"
#include "deployment/abtest.hpp"
#include "ingestion/csv.hpp"
#include "monitoring/observed_requests.hpp"
#include "monitoring/observed_source.hpp"
#include "monitoring/season.hpp"
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

// Answers of the model up to `until` whose labels have come.
std::vector<ScoredShard> labelled_requests(const PipelineConfig& config, const MonitoredModel& model,
                                           double until) {
  const LabelsConfig& labels = config.monitoring.labels;
  const Labels known = read_late_labels(labels);
  TimeWindow window;
  window.until = until;
  if (labels.window > 0) window.from = until - labels.window;
  auto answers = labelled_answers(config.workspace, endpoint_of(config), known,
                                  model.artifact.scorer.plan().target, window);
  const bool none_matches = answers.empty();
  LabelledAnswers& mine = answers[model.artifact.version];
  const std::size_t rows = mine.targets.size();
  if (rows < config.monitoring.min_rows)
    log_warning(
        "{}: {} of {} labels belong to an answer of {}, and with fewer than {} (monitoring.min_rows) the "
        "metric is not measured{}",
        labels.source.text, rows, known.size(), model.name(), config.monitoring.min_rows,
        none_matches ? ": is column '" + labels.id + "' that of the requests' ids?" : "");
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

struct ComparedWith {
  Reference reference;
  std::string text;
};

// Collective. What --against names.
ComparedWith another_source(const Communicator& comm, const PipelineConfig& config,
                            const MonitoredModel& model, const std::vector<std::string>& sources) {
  const Observation seen =
      observe_source(comm, model, reading_of_source(config, sources), Workspace(config.workspace)).seen;
  if (seen.rows < config.monitoring.min_rows)
    throw data_error("--against {}: {} rows, fewer than monitoring.min_rows ({}): name more, or lower it",
                     join(sources, " "), seen.rows, config.monitoring.min_rows);
  return {reference_of(seen, model.reference, config.monitoring.min_rows), join(sources, ", ")};
}

// Collective.
ComparedWith earlier_requests(const Communicator& comm, const PipelineConfig& config,
                              const MonitoredModel& model, const TimeWindow& window) {
  const MonitoringConfig& monitoring = config.monitoring;
  const Observation earlier = observe_earlier_requests(comm, model, config.workspace, endpoint_of(config),
                                                       earlier_windows(window, monitoring));
  const std::string rows = fmt::format("{} ({} rows)", season_text(monitoring), human_count(earlier.rows));
  if (earlier.rows < monitoring.min_rows)
    return {model.reference, "its training rows: too few are of " + rows};
  return {reference_of(earlier, model.reference, monitoring.min_rows), rows};
}

// Collective; `window` of requests.
ComparedWith compared_with(const Communicator& comm, const po::variables_map& values,
                           const PipelineConfig& config, const MonitoredModel& model,
                           const std::optional<TimeWindow>& window) {
  if (values.count("against") > 0)
    return another_source(comm, config, model, values["against"].as<std::vector<std::string>>());
  if (window && config.monitoring.season != "none") return earlier_requests(comm, config, model, *window);
  return {model.reference, "its training rows"};
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
  const ComparedWith with = compared_with(comm, values, config, model, window);
  DriftReport report = compare(with.reference, seen, config.monitoring);
  report.window = {"requests of " + endpoint, rfc3339(window.from), rfc3339(window.until), with.text};
  if (config.monitoring.labels.source.text.empty()) return report;
  const auto scored = comm.agree([&] {
    return comm.is_root() ? labelled_requests(config, model, window.until) : std::vector<ScoredShard>{};
  });
  if (const auto found = measure_performance(comm, scored, 1, model, config.monitoring))
    add_performance(report, *found);
  return report;
}

DriftReport look_at_source(const Communicator& comm, const po::variables_map& values,
                           const PipelineConfig& config, const MonitoredModel& model) {
  const auto sources = values["source"].as<std::vector<std::string>>();
  const SourceObservation observed =
      observe_source(comm, model, reading_of_source(config, sources), Workspace(config.workspace));
  const ComparedWith with = compared_with(comm, values, config, model, {});
  DriftReport report = compare(with.reference, observed.seen, config.monitoring);
  report.window = {join(sources, ", "), "", "", with.text};
  if (const auto found =
          measure_performance(comm, observed.scored, observed.shards, model, config.monitoring))
    add_performance(report, *found);
  return report;
}

}  // namespace millrace
