#include "cli/told_run.hpp"

#include <memory>

#include "base/log.hpp"
#include "cli/cost_alarms.hpp"
#include "cli/run_alerts.hpp"
#include "mlflow/sync.hpp"
#include "report/collect.hpp"

namespace millrace {

namespace {

// The run has ended, one way or the other: neither hides the other's trouble, nor how it ended.
void conclude_run(const PipelineConfig& config, const std::string& folder) {
  try {
    raise_cost_alarms(config, tell_of_cost(config, folder));
  } catch (const Error& error) {
    log_loss(error.in("costs are not looked at"));
  }
  write_report(Workspace(config.workspace), folder);
}

}  // namespace

RunResult run_and_tell(const Communicator& comm, const PipelineConfig& config, RunOptions options) {
  std::shared_ptr<RunAlerts> alerts;
  comm.agree([&] {
    if (comm.is_root()) alerts = std::make_shared<RunAlerts>(config);
  });
  if (alerts) alerts->listen_to(options);
  options.finished = [&](const std::string& folder) { conclude_run(config, folder); };
  try {
    RunResult result = run_pipeline(comm, config, options);
    if (alerts) alerts->done();
    return result;
  } catch (...) {
    const Error error = current_error();
    if (alerts) alerts->failed(error);
    throw Error(error);
  }
}

void show_in_mlflow(const PipelineConfig& config, const RunResult& result) {
  const MlflowConfig& wanted = config.registry.mlflow;
  if (wanted.uri.empty() || !result.record.at("outputs").contains("register")) return;
  try {
    const Workspace workspace(config.workspace);
    const RegistryState state = Registry(workspace.path("registry")).state();
    mlflow::Server server(wanted.uri, wanted.token);
    (void)mlflow::sync(server, workspace, state,
                       {wanted.experiment, result.record["outputs"]["register"].at("model")});
  } catch (const Error& error) {
    log_warning(
        "the run is done, but not shown in MLflow: {}; 'millrace registry sync' sends what is missing",
        error.message());
  }
}

}  // namespace millrace
