// run, plan, and each stage: the pipeline up to a stage.
#include <algorithm>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/options.hpp"
#include "cli/package/actions.hpp"
#include "cli/planned_cost.hpp"
#include "cli/told_run.hpp"
#include "pipeline/engine.hpp"

namespace millrace {

namespace {

po::options_description run_options() {
  po::options_description options = pipeline_options();
  options.add_options()("verify", "read every source again instead of trusting remembered digests")  //
      ("because", po::value<std::string>(), "why it runs, for its record");
  return options;
}

po::options_description working_options() {
  po::options_description options = run_options();
  options.add_options()("override-budget", po::value<std::string>()->value_name("REASON"),
                        "begin though a budget with stop: true does not allow it; the reason is recorded");
  return options;
}

void print_result(const RunResult& result, bool json) {
  if (json) return fmt::print("{}", pretty_json(result.record));
  if (result.all_cached) log_info("nothing to do: every stage has its result already");
  log_info("run {}\nreport {}/report.html", result.record.at("run").get<std::string>(), result.folder);
}

std::string reason_to_override(const po::variables_map& values) {
  std::string reason = values["override-budget"].as<std::string>();
  if (trim(reason).empty()) throw Error(Topic::kCommandLine, "--override-budget needs a reason");
  return reason;
}

int run_up_to(const Command& self, const Arguments& arguments, const Communicator& comm,
              const std::string& last, const po::options_description& described) {
  const auto values = parse_options(self, arguments, described, {"config"}, comm);
  if (!values) return 0;
  const PipelineConfig config = load_pipeline_config(*values, comm);
  catch_stop_signals();
  RunOptions options;
  options.last_stage = last;
  options.verify = values->count("verify") > 0;
  options.quiet = values->count("quiet") > 0;
  options.because = text_of(*values, "because");
  if (values->count("run") > 0) options.from_run = (*values)["run"].as<std::string>();
  if (values->count("override-budget") > 0) options.override_budget = reason_to_override(*values);
  const RunResult result = run_and_tell(comm, config, options);
  if (comm.is_root()) {
    print_result(result, values->count("json") > 0);
    show_in_mlflow(config, result);
  }
  return 0;
}

int run_all(const Command& self, const Arguments& arguments, const Communicator& comm) {
  return run_up_to(self, arguments, comm, "deploy", working_options());
}
int run_stage(const Command& self, const Arguments& arguments, const Communicator& comm) {
  return run_up_to(self, arguments, comm, self.name, working_options());
}
int run_deploy(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = working_options();
  options.add_options()("run", po::value<std::string>()->value_name("RUN"),
                        "deploy the artifact of this finished run and look at nothing else: a run's name, "
                        "'latest', or job:ID for the newest one of a Slurm job");
  return run_up_to(self, arguments, comm, "deploy", options);
}

const char* describe(PlannedStage::State state) {
  switch (state) {
    case PlannedStage::State::kCached:
      return "cached";
    case PlannedStage::State::kRuns:
      return "runs";
    case PlannedStage::State::kDependsOnEarlier:
      return "depends on what an earlier stage gives";
  }
  return "";
}

void print_plan(const std::vector<PlannedStage>& planned, const PlannedCost& cost, bool json) {
  Json document = Json::array();
  for (const PlannedStage& stage : planned) {
    document.push_back({{"name", stage.name},
                        {"state", describe(stage.state)},
                        {"reasons", stage.reasons},
                        {"forecast", forecast_json(cost, stage.name)}});
    if (json) continue;
    fmt::print("{:<9} {}\n", stage.name, describe(stage.state));
    for (const std::string& reason : stage.reasons) fmt::print("            {}\n", reason);
  }
  if (json) return fmt::print("{}", pretty_json(document));
  fmt::print("{}\n", describe(cost));
}

int plan(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, run_options(), {"config"}, comm);
  if (!values) return 0;
  const PipelineConfig config = load_pipeline_config(*values, comm);
  RunOptions options;
  options.verify = values->count("verify") > 0;
  const PipelinePlan planned = plan_pipeline(comm, config, options);
  comm.agree([&] {
    if (comm.is_root())
      print_plan(planned.stages, planned_cost(config, planned, comm.size()), values->count("json") > 0);
  });
  return 0;
}

Command stage_command(const std::string& name, const std::string& summary) {
  return {name,    "CONFIG [options]",
          summary, fmt::format("mpirun -n 4 millrace {} configs/quickstart.yaml", name),
          true,    run_stage};
}

// `package CONFIG` is the stage, `package inspect FILE` is about an artifact.
Command package_command() {
  Command command = stage_command(
      "package", "Build the serving artifact, up to this stage; look into artifacts and export them");
  command.arguments = "CONFIG [options] | ACTION [options]";
  command.actions = package_actions();
  return command;
}

// `deploy CONFIG` is the stage, `deploy status` is about what there is.
Command deploy_command() {
  Command command{"deploy",
                  "CONFIG [options] | ACTION [options]",
                  "Verify the artifact and deploy it, the last stage; look at endpoints, roll back",
                  "millrace deploy configs/quickstart.yaml --run latest",
                  true,
                  run_deploy};
  command.actions = deploy_actions();
  return command;
}

}  // namespace

std::vector<Command> pipeline_commands() {
  return {
      {"run", "CONFIG [options]", "Run the whole pipeline; what has not changed is not done again",
       "mpirun -n 4 millrace run configs/quickstart.yaml --set training.epochs=20", true, run_all},
      {"plan", "CONFIG [options]", "Show which stages a run would run, and why",
       "millrace plan configs/quickstart.yaml", true, plan},
      stage_command("ingest", "Read the sources into typed shards, up to this stage"),
      stage_command("validate", "Check the data against the expectations, up to this stage"),
      stage_command("features", "Fit the feature plan and write features, up to this stage"),
      stage_command("train", "Train the network, up to this stage"),
      stage_command("evaluate", "Measure the model and ask the gate, up to this stage"),
      stage_command("register", "Enter the model into the registry, up to this stage"),
      package_command(),
      deploy_command(),
  };
}

}  // namespace millrace
