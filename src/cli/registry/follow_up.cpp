#include "cli/registry/follow_up.hpp"

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/registry/actions.hpp"
#include "config/config.hpp"
#include "pipeline/engine.hpp"
#include "pipeline/ledger.hpp"
#include "registry/hooks.hpp"
#include "report/collect.hpp"

namespace millrace {

namespace {

constexpr double kSubmitSeconds = 120;

// The newest run that waits for the version's sign-offs; null without one.
Json waiting_run(const Workspace& workspace, const ModelVersion& version) {
  for (Json& run : list_runs(workspace)) {
    const Json registered = run.value("/outputs/register"_json_pointer, Json::object());
    if (run.value("status", "") == "waiting" && registered.value("model", "") == version.model &&
        registered.value("version", std::uint64_t{0}) == version.version)
      return std::move(run);
  }
  return nullptr;
}

std::string config_of(const Workspace& workspace, const std::string& run) {
  return workspace.path("runs/" + run + "/config.resolved.yaml");
}

// In this process, as `millrace deploy --run` does.
std::string run_deployment(const Communicator& comm, const Workspace& workspace, const std::string& run) {
  PipelineConfig config = load_config(config_of(workspace, run));
  config.workspace = workspace.root();
  RunOptions options;
  options.from_run = run;
  options.quiet = true;
  options.finished = [&](const std::string& folder) { write_report(workspace, folder); };
  const RunResult result = run_pipeline(comm, config, options);
  return result.record.at("/outputs/deploy/endpoint"_json_pointer).get<std::string>();
}

// Where the run's own job was.
std::vector<std::string> submission(const Workspace& workspace, const Json& run) {
  const Json& job = run.at("slurm");
  std::vector<std::string> words{"sbatch", "--parsable"};
  for (const char* option : {"partition", "account", "qos"}) {
    if (const auto value = job.value(option, ""); !value.empty())
      words.push_back(fmt::format("--{}={}", option, value));
  }
  const auto name = run.at("run").get<std::string>();
  for (const std::string& word : {job.value("scripts", "") + "/deploy.sbatch", config_of(workspace, name),
                                  std::string("--run"), name, std::string("--workspace"), workspace.root()})
    words.push_back(word);
  return words;
}

// Gives the job's number.
std::string submit_deployment(const Workspace& workspace, const Json& run) {
  const std::vector<std::string> words = submission(workspace, run);
  const std::string out = workspace.temporary_folder() + "/submitted-" + run.at("run").get<std::string>();
  const int code = run_child(words, {out, out}, kSubmitSeconds);
  std::string said(trim(read_file(out)));
  std::error_code error;
  std::filesystem::remove(out, error);
  if (code == 0) return said;
  throw Error(Topic::kResource, "the deployment cannot be submitted ({}); by hand: {}", said,
              join(words, " "));
}

Json deploy(const Communicator& comm, const Workspace& workspace, const ModelVersion& version) {
  const Json run = waiting_run(workspace, version);
  if (run.is_null()) return Json::object();
  if (!run.value("/slurm/scripts"_json_pointer, "").empty())
    return {{"job", submit_deployment(workspace, run)}};
  return {{"endpoint", run_deployment(comm, workspace, run.at("run").get<std::string>())}};
}

}  // namespace

Json follow_up(const Communicator& comm, const Workspace& workspace, Registry& registry,
               const Statement& approved) {
  const ModelVersion* version = registry.state().find(approved.model, approved.version);
  if (version == nullptr || version->stage == approved.stage) return Json::object();
  Json result;
  try {
    result["promotion"] = to_document(change_stage(registry, Hooks(workspace.root()), approved.model,
                                                   approved.version, approved.stage, approved.comment));
  } catch (const Error& error) {
    if (error.topic() != Topic::kNotApproved) throw;
    return {{"waits_for", error.message()}};
  }
  if (approved.stage == registry.state().guarded_top())
    result.update(deploy(comm, workspace, *registry.state().find(approved.model, approved.version)));
  return result;
}

}  // namespace millrace
