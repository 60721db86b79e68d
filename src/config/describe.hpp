// The keys of the whole file: each declared once, with its explanation and limits, for every visitor (reader,
// writer, explainer, schema). Sections of their own size have headers of their own.
//
// A visitor has field(name, value, doc, limits), section(name, section, doc), list(name, sections, doc) and
// table(name, sections, prototype, doc). Defaults are those of the structs.
#pragma once

#include "config/describe_cost.hpp"
#include "config/describe_data.hpp"
#include "config/describe_features.hpp"
#include "config/describe_monitoring.hpp"
#include "config/describe_retrain.hpp"
#include "config/describe_training.hpp"
#include "config/describe_tuning.hpp"
#include "config/describe_validation.hpp"

namespace millrace {

template <class Visitor>
void describe(Visitor& visitor, GateConfig& gate) {
  visitor.field("metric", gate.metric, "What is compared; empty: auc, accuracy or rmse by task",
                {.words = {"", "auc", "log_loss", "accuracy", "precision", "recall", "f1", "brier",
                           "calibration_error", "rmse", "mae", "r2"}});
  visitor.field("not_worse_by", gate.not_worse_by,
                "Than the registered model on the same test rows; rmse, mae: as a share of its error",
                {.min = 0});
  visitor.field("min", gate.min, "The metric must be at least this");
  visitor.field("max", gate.max, "The metric must be at most this");
}

template <class Visitor>
void describe(Visitor& visitor, EvaluationConfig& evaluation) {
  visitor.field("threshold", evaluation.threshold, "Probability from which a row counts as positive",
                {.min = 0, .max = 1});
  visitor.field("calibration_bins", evaluation.calibration_bins, "Of the calibration error",
                {.min = 1, .max = 1000});
  visitor.field("resamples", evaluation.resamples,
                "Of the bootstrap that gives test metrics their intervals; fewer for many rows; 0: none",
                {.min = 0, .max = 10000});
  visitor.field("segments", evaluation.segments,
                "Columns whose values are measured apart; null: inputs with at most 12 values");
  visitor.section("gate", evaluation.gate, "What a new model must reach to be registered");
}

template <class Visitor>
void describe(Visitor& visitor, MlflowConfig& mlflow) {
  visitor.field("uri", mlflow.uri, "Address of the MLflow server; empty: none");
  visitor.field("experiment", mlflow.experiment, "Of the runs in MLflow; empty: named like the model");
  visitor.field("token", mlflow.token, "${secret:…}; null: MLFLOW_TRACKING_TOKEN, or USERNAME and PASSWORD");
}

template <class Visitor>
void describe(Visitor& visitor, RegistryConfig& registry) {
  visitor.field("model", registry.model, "Registered name; empty: name", {.form = TextForm::kName});
  visitor.section("mlflow", registry.mlflow, "Where versions are shown after a run that ends well");
}

template <class Visitor>
void describe(Visitor& visitor, CardConfig& card) {
  visitor.field("purpose", card.purpose, "What the model is for, and who should use it");
  visitor.field("limits", card.limits, "What it must not be used for, and where it is known to fail");
  visitor.field("contact", card.contact, "Whom to ask");
  visitor.field("licence", card.licence, "Of the model");
  visitor.field("data_licence", card.data_licence, "Of the data that it was trained on");
  visitor.field("units", card.units, "Of columns: {tenure: months}");
}

template <class Visitor>
void describe(Visitor& visitor, PackageConfig& package) {
  visitor.field("golden_rows", package.golden_rows, "Test rows with known answers in the artifact",
                {.min = 1, .max = 10000});
  visitor.field("sign_key", package.sign_key,
                "File of the ssh key that signs artifacts (a public one: the agent signs); empty: none does");
  visitor.section("card", package.card, "What the model card and the manifest say besides figures");
}

template <class Visitor>
void describe(Visitor& visitor, DeploymentConfig& deployment) {
  visitor.field("endpoint", deployment.endpoint, "Served name; empty: name", {.form = TextForm::kName});
  visitor.field("mode", deployment.mode,
                "canary: the new version answers a growing share; shadow: it scores along and the old one "
                "answers; switch: at once",
                {.words = {"canary", "shadow", "switch"}});
  visitor.field("canary", deployment.canary,
                "Percent of requests that a new version gets first; 0: it is loaded and asked nothing",
                {.min = 0, .max = 100});
  visitor.field("steps", deployment.steps, "Percent after each good window; 100 comes last in any case",
                {.min = 0, .max = 100, .above_min = true});
  visitor.field("window", deployment.window, "Seconds of requests that each step is judged by", {.min = 0});
  visitor.field("min_requests", deployment.min_requests, "That each version must have had in a window",
                {.min = 1});
  visitor.field("patience", deployment.patience,
                "Seconds that a step waits for enough requests, a loaded model or a server that is gone",
                {.min = 0});
  visitor.field("quiet", deployment.quiet,
                "What follows when too few requests have come by then; hold: it stays as it is",
                {.words = {"promote", "rollback", "hold"}});
  visitor.field("latency_p99", deployment.latency_p99,
                "Seconds that 99 % of the new version's answers must stay within",
                {.min = 0, .above_min = true});
  visitor.field("max_error_rate", deployment.max_error_rate,
                "Share of requests that may fail, or be refused, beyond the old version's share",
                {.min = 0, .max = 1});
  visitor.field("max_drift", deployment.max_drift,
                "Population stability index of both versions' predictions, beyond what chance gives",
                {.min = 0, .above_min = true});
  visitor.field("min_agreement", deployment.min_agreement,
                "shadow: share of rows that both versions must give the same class", {.min = 0, .max = 1});
  visitor.field("accuracy_margin", deployment.accuracy_margin,
                "Late labels, `deploy abtest`: accuracy (rmse of numbers) that a version may lose to the one "
                "before; null: any",
                {.min = 0});
  visitor.field("retry", deployment.retry, "Deploy a version again that was rolled back");
  visitor.field("signers", deployment.signers,
                "An allowed_signers file: one of them must have signed the artifact; empty: nobody must");
  visitor.field("server", deployment.server,
                "slurm: a deployment job submits serve.sbatch where no server listens",
                {.words = {"none", "slurm"}});
}

template <class Visitor>
void describe(Visitor& visitor, DeadlinesConfig& deadlines) {
  visitor.field("collective", deadlines.collective,
                "Seconds that a rank waits for others while none of them gets on; 0: for ever", {.min = 0});
  visitor.field("file", deadlines.file, "Seconds that one call on a file may take; 0: any", {.min = 0});
}

template <class Visitor>
void describe(Visitor& visitor, PipelineConfig& config) {
  visitor.field("name", config.name, "Name of the pipeline, its data sets and model",
                {.form = TextForm::kName, .required = true});
  visitor.field("workspace", config.workspace, "Folder of everything that is made, relative to this file",
                {.form = TextForm::kNotEmpty});
  visitor.section("data", config.data, "Where the rows come from");
  visitor.section("validation", config.validation, "What the rows must fulfil before anything is trained");
  visitor.section("features", config.features, "How columns become inputs; fitted on training rows only");
  visitor.section("model", config.model, "The network");
  visitor.section("training", config.training, "How it is trained");
  visitor.section("retrain", config.retrain, "What is taken over from the registered model");
  visitor.section("tuning", config.tuning, "Where `millrace tune` looks for better settings");
  visitor.section("evaluation", config.evaluation, "How it is measured");
  visitor.section("registry", config.registry, "Where it is registered");
  visitor.section("package", config.package, "The artifact that is served");
  visitor.section("deployment", config.deployment, "Where it answers");
  visitor.section("monitoring", config.monitoring, "What is watched once it answers, and what follows");
  visitor.section("cost", config.cost, "What work costs, and what may be spent");
  visitor.section("alerts", config.alerts, "Who is told");
  visitor.section("deadlines", config.deadlines, "When a job that is stuck ends, on all ranks");
}

}  // namespace millrace
