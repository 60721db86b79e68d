#include "cli/monitor_follow_up.hpp"

#include "alerts/alerts.hpp"
#include "alerts/metrics_folder.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/watchdog.hpp"
#include "cli/afterwards.hpp"
#include "cli/retrain.hpp"
#include "monitoring/drift_metrics.hpp"
#include "pipeline/budget_gate.hpp"

namespace millrace {

namespace {

std::string model_without_version(const DriftReport& report) {
  return report.model.substr(0, report.model.find_last_of('/'));
}

AlertLevel alert_level(DriftLevel level) {
  if (level == DriftLevel::kRetrain) return AlertLevel::kRetrain;
  return level == DriftLevel::kAlert ? AlertLevel::kAlert : AlertLevel::kWarn;
}

void leave_metrics(const PipelineConfig& config, const DriftReport& report) {
  const std::string folder = metrics_folder(Workspace(config.workspace), config.alerts);
  make_folder(folder);
  publish_file(metrics_file(folder, "drift_" + model_without_version(report)),
               drift_metrics(report, parse_rfc3339(now_rfc3339())));
}

void raise_or_resolve(const PipelineConfig& config, const DriftReport& report) {
  const std::string cause = "drift/" + model_without_version(report);
  const auto alerts = std::make_shared<Alerts>(Workspace(config.workspace), config.alerts);
  if (report.level == DriftLevel::kNone) {
    alerts->note_resolved(cause, report.model + ": no drift any more");
  } else {
    alerts->note({cause,
                  alert_level(report.level),
                  fmt::format("drift of {}: {}", report.model, to_string(report.level)),
                  report_text(report),
                  {{"model", report.model}, {"causes", report.causes}}});
  }
  afterwards([alerts] { alerts->deliver_at_once(); });
}

// What this look calls for: drift or performance first, then as many rows, or as long a time, as configured.
std::optional<RetrainCause> cause_in(const DriftReport& report, const PipelineConfig& config,
                                     const std::vector<BegunRetraining>& begun) {
  const RetrainConfig& rules = config.monitoring.retrain;
  if (report.level == DriftLevel::kRetrain) {
    const bool by_labels = report.performance && report.performance->level == DriftLevel::kRetrain;
    return RetrainCause{by_labels ? "performance" : "drift",
                        report.model + ": " + join(report.causes, ", "),
                        "",
                        {{"model", report.model}, {"causes", report.causes}}};
  }
  if (rules.rows > 0 && report.window.from.empty() && report.rows >= rules.rows)
    return RetrainCause{"volume", fmt::format("{} new rows", human_count(report.rows)), "", nullptr};
  return cause_by_schedule(rules, runs_of(config), begun);
}

// What may begin now; nothing where something holds it back, which is said.
std::optional<RetrainCause> cause_that_may(const PipelineConfig& config, const DriftReport& report) {
  const auto begun = begun_retrainings(config.workspace, config.name);
  auto cause = cause_in(report, config, begun);
  if (!cause) return cause;
  const std::string obstacle =
      obstacle_to_retraining(begun, config.monitoring.retrain, parse_rfc3339(now_rfc3339()), "");
  if (obstacle.empty()) return cause;
  log_info("no retraining: {}", obstacle);
  return std::nullopt;
}

}  // namespace

void tell_of_drift(const PipelineConfig& config, const DriftReport& report) {
  if (!report.enough) return;
  try {
    leave_metrics(config, report);
    raise_or_resolve(config, report);
  } catch (const Error& error) {
    log_loss(error.in("nobody is told of the drift"));
  }
}

void retrain_after(const Communicator& comm, const po::variables_map& values, const PipelineConfig& config,
                   const DriftReport& report) {
  if (config.monitoring.retrain.action == "none" || values.count("no-retrain") > 0) return;
  const auto cause =
      comm.agree([&] { return comm.is_root() ? cause_that_may(config, report) : std::nullopt; });
  if (!comm.any(cause.has_value())) return;
  (void)ask_budgets(comm, config, {});
  set_deadlines({.collective = 0});  // a retraining in place takes as long as it takes
  comm.agree([&] {
    if (!cause) return;
    const RetrainOutcome outcome = retrain_now(config, values, *cause);
    log_info("{}: {}", outcome.begun ? "retraining" : "no retraining", outcome.said);
  });
}

}  // namespace millrace
