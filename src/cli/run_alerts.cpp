#include "cli/run_alerts.hpp"

#include "alerts/metrics_folder.hpp"
#include "alerts/run_metrics.hpp"
#include "base/host.hpp"
#include "base/topics.hpp"
#include "cli/afterwards.hpp"

namespace millrace {

namespace {

bool is_the_users(ExitCode code) {
  return code == ExitCode::kStopped || code == ExitCode::kUsage || code == ExitCode::kDone;
}

std::string cause_of(const std::string& pipeline) {
  return "run/" + pipeline + "/failed";
}

}  // namespace

RunAlerts::RunAlerts(const PipelineConfig& config)
    : pipeline_(config.name),
      model_(config.registry.model.empty() ? config.name : config.registry.model),
      metrics_folder_(metrics_folder(Workspace(config.workspace), config.alerts)),
      alerts_(Workspace(config.workspace), config.alerts) {}

void RunAlerts::listen_to(RunOptions& options) {
  options.listeners.push_back(run_metrics(metrics_folder_, pipeline_, model_));
  options.listeners.emplace_back([self = shared_from_this()](const Json& event) { self->hear(event); });
}

void RunAlerts::hear(const Json& event) {
  if (event.at("event") == "run.start") run_ = event.at("run");
  if (event.at("event") == "run.done") stage_ = event.value("stage", "");
}

void RunAlerts::failed(const Error& error) {
  if (is_the_users(error.code())) return;
  const bool waits = error.topic() == Topic::kNotApproved;
  const Json details{{"pipeline", pipeline_},
                     {"model", model_},
                     {"stage", stage_},
                     {"exit_code", static_cast<int>(error.code())},
                     {"topic", entry_of(error.topic()).id},
                     {"host", host_name()}};
  alerts_.note(
      {cause_of(pipeline_), AlertLevel::kAlert,
       waits ? fmt::format("{} waits for sign-offs", pipeline_)
             : fmt::format("the run of {} has failed{}{}", pipeline_, stage_.empty() ? "" : " in ", stage_),
       error.message() + "\n" + where_explained(error), details},
      run_);
  deliver_afterwards();
}

void RunAlerts::done() {
  alerts_.note_resolved(cause_of(pipeline_), fmt::format("run {} of {} has ended well", run_, pipeline_));
  deliver_afterwards();
}

// Ranks that have met an error wait seconds for each other, not longer.
void RunAlerts::deliver_afterwards() {
  afterwards([self = shared_from_this()] { self->alerts_.deliver_at_once(); });
}

}  // namespace millrace
