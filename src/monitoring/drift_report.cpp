#include "monitoring/drift_report.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace millrace {

namespace {

constexpr DriftLevel kLevels[] = {DriftLevel::kWarn, DriftLevel::kAlert, DriftLevel::kRetrain};

const ColumnDistribution* find_column(const std::vector<ColumnDistribution>& columns,
                                      const std::string& name) {
  const auto found = std::ranges::find(columns, name, &ColumnDistribution::name);
  return found == columns.end() ? nullptr : &*found;
}

bool is_ignored(const MonitoringConfig& monitoring, const std::string& column) {
  const auto settings = monitoring.columns.find(column);
  return settings != monitoring.columns.end() && settings->second.ignore;
}

std::vector<ColumnDrift> compare_all(const std::vector<ColumnDistribution>& reference,
                                     const std::vector<ColumnDistribution>& current,
                                     const MonitoringConfig& monitoring) {
  std::vector<ColumnDrift> drifts;
  for (const ColumnDistribution& column : reference) {
    const ColumnDistribution* now = find_column(current, column.name);
    if (now == nullptr || is_ignored(monitoring, column.name)) continue;
    drifts.push_back(compare_columns(column, *now, rules_for(monitoring, column.name, reference.size())));
  }
  return drifts;
}

std::string cause_of(const ColumnDrift& drift, const char* what) {
  return fmt::format("{}{} ({})", what, drift.name, drift.cause);
}

void raise_report(DriftReport& report, DriftLevel level, std::string cause) {
  if (level == DriftLevel::kNone || level < report.level) return;
  if (level > report.level) report.causes.clear();
  report.level = level;
  report.causes.push_back(std::move(cause));
}

// Columns that stand at a level or above count together.
void raise_by_columns(DriftReport& report, std::size_t least) {
  for (const DriftLevel level : kLevels) {
    const auto at_least = [&](const ColumnDrift& drift) { return drift.level >= level; };
    if (static_cast<std::size_t>(std::ranges::count_if(report.columns, at_least)) < least) return;
    for (const ColumnDrift& drift : report.columns) {
      if (at_least(drift)) raise_report(report, level, cause_of(drift, ""));
    }
  }
}

void find_report_level(DriftReport& report, const MonitoringConfig& monitoring) {
  raise_by_columns(report, monitoring.min_columns);
  for (const ColumnDrift& drift : report.predictions)
    raise_report(report, drift.level, cause_of(drift, "prediction "));
  if (report.target) raise_report(report, report.target->level, cause_of(*report.target, "target "));
  for (const AbsentColumn& column : report.absent) {
    if (!is_ignored(monitoring, column.name))
      raise_report(report, DriftLevel::kAlert, column.name + " " + column.reason);
  }
  if (report.dataset_drift)
    raise_report(report, DriftLevel::kAlert,
                 fmt::format("{} of {} columns", report.drifted, report.compared));
}

// An absent column has a reason of its own.
void drop_absent(DriftReport& report) {
  for (const AbsentColumn& column : report.absent)
    std::erase_if(report.columns, [&](const ColumnDrift& drift) { return drift.name == column.name; });
}

Json bins_document(const ColumnDrift& drift) {
  const BinnedRows& rows = drift.bins.rows;
  return {{"labels", drift.bins.labels},
          {"edges", drift.bins.edges},
          {"reference", rows.reference},
          {"current", rows.current}};
}

Json column_document(const ColumnDrift& drift) {
  Json json{{"name", drift.name},
            {"type", drift.type},
            {"reference_rows", drift.reference_rows},
            {"rows", drift.current_rows},
            {"reference_missing", drift.reference_missing},
            {"missing", drift.current_missing},
            {"level", to_string(drift.level)},
            {"cause", drift.cause}};
  if (!drift.compared) return json;
  json.update({{"psi", drift.index},
               {"psi_by_chance", drift.index_by_chance},
               {"new_levels", drift.new_levels},
               {"new_levels_by_chance", drift.new_levels_by_chance},
               {"test", drift.test},
               {"score", drift.score},
               {"threshold", drift.threshold},
               {"drifted", drift.drifted},
               {"exact", drift.exact},
               {"bins", bins_document(drift)}});
  return json;
}

Json columns_document(const std::vector<ColumnDrift>& drifts) {
  Json columns = Json::array();
  for (const ColumnDrift& drift : drifts) columns.push_back(column_document(drift));
  return columns;
}

Json performance_document(const Performance& performance) {
  return {{"rows", performance.rows},
          {"metric", performance.metric},
          {"value", performance.value},
          {"before", performance.before},
          {"fall", performance.fall},
          {"is_sure", performance.is_sure},
          {"calibration_rise", performance.calibration_rise},
          {"metrics", performance.metrics},
          {"level", to_string(performance.level)},
          {"cause", performance.cause}};
}

std::string table_line(const ColumnDrift& drift, const std::string& name, std::size_t width) {
  if (!drift.compared)
    return fmt::format("{:<{}}  {:>7}  {:>9}  {:<14} {:>9}  {:>7}  {}\n", name, width, "–", "–",
                       "not compared", "–", fmt::format("{:.1f} %", 100 * drift.current_missing),
                       to_string(drift.level));
  return fmt::format("{:<{}}  {:>7.3f}  {:>9.3f}  {:<14} {:>8.3g}{}  {:>7}  {}\n", name, width, drift.index,
                     drift.index_by_chance, drift.test, drift.score, drift.drifted ? '*' : ' ',
                     fmt::format("{:.1f} %", 100 * drift.current_missing),
                     drift.level == DriftLevel::kNone ? "" : to_string(drift.level) + ": " + drift.cause);
}

std::string heading(const DriftReport& report) {
  const ObservedWindow& window = report.window;
  const std::string times = window.from.empty() ? "" : fmt::format(", {} to {}", window.from, window.until);
  const std::string rejected =
      report.rejected == 0 ? "" : fmt::format(", {} cannot be read", human_count(report.rejected));
  return fmt::format("{}: {} rows of {}{}{}, against {}\n", report.model, human_count(report.rows),
                     window.source, times, rejected, window.against);
}

std::string table_text(const DriftReport& report) {
  std::vector<std::pair<const ColumnDrift*, std::string>> lines;
  for (const ColumnDrift& drift : report.columns) lines.emplace_back(&drift, drift.name);
  std::ranges::stable_sort(lines,
                           [](const auto& a, const auto& b) { return a.first->index > b.first->index; });
  for (const ColumnDrift& drift : report.predictions) lines.emplace_back(&drift, "prediction " + drift.name);
  if (report.target) lines.emplace_back(&*report.target, "target " + report.target->name);
  std::size_t width = 6;
  for (const auto& [drift, name] : lines) width = std::max(width, name.size());
  std::string text = fmt::format("{:<{}}  {:>7}  {:>9}  {:<14} {:>9}  {:>7}\n", "column", width, "index",
                                 "by chance", "test", "score", "missing");
  for (const auto& [drift, name] : lines) text += table_line(*drift, name, width);
  for (const AbsentColumn& column : report.absent) text += fmt::format("{} {}\n", column.name, column.reason);
  return text;
}

}  // namespace

double DriftReport::drifted_share() const {
  return compared == 0 ? 0 : static_cast<double>(drifted) / static_cast<double>(compared);
}

DriftReport compare(const Reference& reference, const Observation& seen, const MonitoringConfig& monitoring) {
  DriftReport report;
  report.rows = seen.rows;
  report.rejected = seen.rejected;
  report.enough = seen.rows >= monitoring.min_rows;
  if (!report.enough) return report;
  report.columns = compare_all(reference.inputs, seen.inputs, monitoring);
  report.predictions = compare_all(reference.predictions, seen.predictions, monitoring);
  if (seen.target)
    report.target =
        compare_columns(reference.target, *seen.target, rules_for(monitoring, reference.target.name, 1));
  report.absent = seen.absent;
  drop_absent(report);
  for (const ColumnDrift& drift : report.columns) {
    report.compared += drift.compared ? 1 : 0;
    report.drifted += drift.drifted ? 1 : 0;
  }
  report.dataset_drift = report.compared > 0 && report.drifted_share() >= monitoring.drifted_share;
  find_report_level(report, monitoring);
  return report;
}

void add_performance(DriftReport& report, const Performance& performance) {
  report.performance = performance;
  raise_report(report, performance.level, performance.cause);
}

Json to_document(const DriftReport& report) {
  Json absent = Json::array();
  for (const AbsentColumn& column : report.absent)
    absent.push_back({{"name", column.name}, {"reason", column.reason}});
  return {{"model", report.model},
          {"source", report.window.source},
          {"from", report.window.from},
          {"until", report.window.until},
          {"against", report.window.against},
          {"rows", report.rows},
          {"rejected", report.rejected},
          {"enough", report.enough},
          {"level", report.enough ? to_string(report.level) : "unknown"},
          {"causes", report.causes},
          {"columns", columns_document(report.columns)},
          {"predictions", columns_document(report.predictions)},
          {"target", report.target ? column_document(*report.target) : Json()},
          {"absent", absent},
          {"compared", report.compared},
          {"drifted", report.drifted},
          {"drifted_share", report.drifted_share()},
          {"dataset_drift", report.dataset_drift},
          {"performance", report.performance ? performance_document(*report.performance) : Json()}};
}

std::string verdict_text(const DriftReport& report) {
  if (!report.enough) return "too few rows to say anything";
  if (report.level == DriftLevel::kNone) return "no drift";
  return to_string(report.level) + ": " + join(report.causes, ", ");
}

std::string report_text(const DriftReport& report) {
  std::string text = heading(report);
  if (report.enough) {
    text += table_text(report);
    text += fmt::format("drifted by their tests (*): {} of {} columns{}\n", report.drifted, report.compared,
                        report.dataset_drift ? ": the data set has drifted" : "");
  }
  if (const auto& performance = report.performance)
    text += fmt::format("{} labels: {} {:.4f}, {:.4f} on the test rows\n", human_count(performance->rows),
                        performance->metric, performance->value, performance->before);
  return text + verdict_text(report) + "\n";
}

}  // namespace millrace
