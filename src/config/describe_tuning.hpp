// The keys of the section tuning: each declared once, for every visitor.
#pragma once

#include "config/limits.hpp"
#include "config/tuning_config.hpp"

namespace millrace {

template <class Visitor>
void describe(Visitor& visitor, TuningParameter& parameter) {
  visitor.field("uniform", parameter.uniform, "Any number between these");
  visitor.field("loguniform", parameter.loguniform, "Any number between these, each decade alike",
                {.min = 0, .above_min = true});
  visitor.field("int", parameter.integer, "Any integer from the first to the last");
  visitor.field("choice", parameter.choice, "One of these");
  visitor.field("step", parameter.step, "uniform and loguniform: only the low end and whole steps above it",
                {.min = 0, .above_min = true});
  visitor.field("when", parameter.when, "Counts only while other parameters have such values: {key: values}");
}

template <class Visitor>
void describe(Visitor& visitor, TuningScheduler& scheduler) {
  visitor.field("kind", scheduler.kind,
                "asha: at each rung only the best go on; median: those below the median stop; none: all end",
                {.words = {"asha", "median", "none"}});
  visitor.field("max_epochs", scheduler.max_epochs, "Of a trial, in place of training.epochs", {.min = 1});
  visitor.field("grace", scheduler.grace, "Epochs up to the first rung", {.min = 1});
  visitor.field("factor", scheduler.factor, "Of epochs from rung to rung; asha: one in so many goes on",
                {.min = 2});
}

template <class Visitor>
void describe(Visitor& visitor, TuningLimits& limits) {
  visitor.field("seconds", limits.seconds, "Of one `millrace tune`; another one goes on from there",
                {.min = 0, .above_min = true});
  visitor.field("epochs", limits.epochs, "Of all trials together, after which none goes on", {.min = 1});
  visitor.field(
      "cost", limits.cost,
      "Of one `millrace tune`, in cost.currency, by cost.prices of the cores and GPUs that it holds",
      {.min = 0, .above_min = true});
}

template <class Visitor>
void describe(Visitor& visitor, TuningConfig& tuning) {
  visitor.field("name", tuning.name, "Of the search; empty: name", {.form = TextForm::kName});
  visitor.table("space", tuning.space, TuningParameter{},
                "Keys of features, model and training, as --set names them, and what each may be");
  visitor.field("search", tuning.search, "How trials are chosen", {.words = {"tpe", "random", "grid"}});
  visitor.field("trials", tuning.trials, "At most, with the first, which is the configuration as it stands",
                {.min = 1, .max = 100000});
  visitor.field("seed", tuning.seed, "Of what is random in the choice of trials");
  visitor.field("metric", tuning.metric, "Of the validation rows; empty: by task; loss: training's",
                {.words = {"", "loss", "auc", "log_loss", "accuracy", "precision", "recall", "f1",
                           "calibration_error", "rmse", "mae", "r2"}});
  visitor.section("scheduler", tuning.scheduler, "Which trials are ended early");
  visitor.field("startup", tuning.startup, "tpe: trials before their results are looked at", {.min = 1});
  visitor.field("lag", tuning.lag, "tpe: by how many trials results come late; so many run without waiting",
                {.min = 1});
  visitor.field("ranks_per_trial", tuning.ranks_per_trial, "Of which trials run side by side", {.min = 1});
  visitor.section("limits", tuning.limits, "When the search ends before its last trial");
}

}  // namespace millrace
