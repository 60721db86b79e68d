// The keys of the section monitoring: each declared once, for every visitor.
#pragma once

#include "config/limits.hpp"
#include "config/monitoring_config.hpp"

namespace millrace {

inline const std::vector<std::string> kDriftTests{"auto",          "psi",       "ks",        "wasserstein",
                                                  "jensenshannon", "hellinger", "chisquare", "z"};

template <class Visitor>
void describe(Visitor& visitor, Ladder& ladder) {
  visitor.field("warn", ladder.warn, "From here on it is shown as a warning", {.min = 0});
  visitor.field("alert", ladder.alert, "From here on people are told", {.min = 0});
  visitor.field("retrain", ladder.retrain, "From here on a retraining is called for", {.min = 0});
}

template <class Visitor>
void describe(Visitor& visitor, ColumnMonitoring& column) {
  std::vector<std::string> tests = kDriftTests;
  tests.insert(tests.begin(), "");
  visitor.field("ignore", column.ignore, "The column is not compared");
  visitor.field("test", column.test, "That decides whether it has drifted; empty: monitoring.test",
                {.words = tests});
  visitor.field("edges", column.edges, "Of the bins of its numbers, ascending; empty: by monitoring.bins");
  visitor.field("warn", column.warn, "Of its stability index; null: monitoring.drift.warn", {.min = 0});
  visitor.field("alert", column.alert, "As warn", {.min = 0});
  visitor.field("retrain", column.retrain, "As warn", {.min = 0});
}

template <class Visitor>
void describe(Visitor& visitor, PerformanceRule& rule) {
  visitor.field("metric", rule.metric, "Empty: auc, accuracy or rmse by task",
                {.words = {"", "auc", "log_loss", "accuracy", "f1", "brier", "rmse", "mae", "r2"}});
  visitor.field("warn", rule.warn, "How far it may fall; errors: rise, as a share of the error before",
                {.min = 0});
  visitor.field("alert", rule.alert, "As warn", {.min = 0});
  visitor.field("retrain", rule.retrain, "As warn", {.min = 0});
}

template <class Visitor>
void describe(Visitor& visitor, LabelsConfig& labels) {
  visitor.field("source", labels.source, "A CSV file or glob of what came true; empty: none");
  visitor.field("id", labels.id, "Its column with the requests' ids", {.form = TextForm::kNotEmpty});
  visitor.field("label", labels.label, "Its column with the labels", {.form = TextForm::kNotEmpty});
  visitor.field("window", labels.window,
                "Seconds of answers whose labels count, up to the look's end; 0: all", {.min = 0});
}

template <class Visitor>
void describe(Visitor& visitor, WatchConfig& watch) {
  visitor.field("interval", watch.interval, "Seconds between looks", {.min = 0, .above_min = true});
  visitor.field("settle", watch.settle, "Seconds that a file has not changed before it counts; no marker",
                {.min = 0});
  visitor.field("marker", watch.marker,
                "A file that says that its folder is complete, as _SUCCESS, or with a dot, as .done, beside "
                "each file; empty: none");
}

template <class Visitor>
void describe(Visitor& visitor, RetrainConfig& retrain) {
  visitor.field("action", retrain.action,
                "run: the pipeline, in place; submit: as a job of Slurm; none: it is only said",
                {.words = {"none", "run", "submit"}});
  visitor.field("command", retrain.command, "Runs instead, with the configuration's file behind it");
  visitor.field("cooldown", retrain.cooldown, "Seconds after a retraining began without another one",
                {.min = 0});
  visitor.field("max_per_day", retrain.max_per_day, "Retrainings within 24 hours", {.min = 1});
  visitor.field("every", retrain.every, "Seconds after which there is one in any case; 0: never", {.min = 0});
  visitor.field("rows", retrain.rows,
                "New rows from which on `monitor` calls for one (0: never), and `watch` (0: any)");
}

template <class Visitor>
void describe(Visitor& visitor, MonitoringConfig& monitoring) {
  visitor.field("test", monitoring.test, "That decides on a column's drift; auto: by its type and rows",
                {.words = kDriftTests});
  visitor.field("bins", monitoring.bins,
                "Of numbers: tenths of the reference, equal widths over it, or over both",
                {.words = {"quantile10", "sturges", "evidently"}});
  visitor.section("drift", monitoring.drift, "Population stability index of columns and predictions");
  visitor.section("new_levels", monitoring.new_levels, "Share of values that the reference does not have");
  visitor.section("performance", monitoring.performance, "What late labels say: how far the metric fell");
  visitor.section("calibration", monitoring.calibration, "What late labels say: calibration error's rise");
  visitor.field("min_columns", monitoring.min_columns,
                "Columns that must stand at a level before all does; predictions suffice alone", {.min = 1});
  visitor.field("drifted_share", monitoring.drifted_share,
                "Share of the columns whose test says drift, from which the data set has drifted",
                {.min = 0, .max = 1});
  visitor.field("min_rows", monitoring.min_rows, "Fewer say nothing", {.min = 1});
  visitor.field("window", monitoring.window, "Seconds of requests that are compared, up to the last one",
                {.min = 0, .above_min = true});
  visitor.field("season", monitoring.season,
                "Requests are compared with those of the same hours of earlier days, or weekday of weeks",
                {.words = {"none", "hour", "weekday"}});
  visitor.field("season_windows", monitoring.season_windows, "Earlier days or weeks that are taken together",
                {.min = 1, .max = 100});
  visitor.section("labels", monitoring.labels, "Where labels come late");
  visitor.section("retrain", monitoring.retrain, "What follows");
  visitor.section("watch", monitoring.watch, "What `millrace watch` takes for new data");
  visitor.table("columns", monitoring.columns, ColumnMonitoring{}, "Single columns by name");
}

}  // namespace millrace
