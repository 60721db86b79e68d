#include "pipeline/earlier_run.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "pipeline/ledger.hpp"

namespace millrace {

namespace {

constexpr std::string_view kJobPrefix = "job:";

// One that waits for sign-offs has made all that can be deployed.
bool is_done(const Json& run) {
  const auto status = run.value("status", "");
  return status == "done" || status == "waiting";
}

bool has_output(const Json& run, const std::string& stage) {
  return run.value("outputs", Json::object()).contains(stage);
}

// Only a run that is asked for by its name is worth an explanation of why it will not do.
bool matches(const Json& run, const std::string& which, const std::string& pipeline,
             const std::string& stage) {
  if (which == "latest")
    return run.value("pipeline", "") == pipeline && is_done(run) && has_output(run, stage);
  if (!which.starts_with(kJobPrefix)) return run.value("run", "") == which;
  return run.value("/slurm/job_id"_json_pointer, "") == which.substr(kJobPrefix.size()) && is_done(run);
}

Error not_found(const Workspace& workspace, const std::string& which, const std::string& pipeline) {
  const std::string place = "workspace '" + workspace.root() + "'";
  if (which == "latest")
    return Error(Topic::kUnknownRun, "no run of pipeline '{}' is done in {}", pipeline, place);
  if (which.starts_with(kJobPrefix))
    return Error(Topic::kUnknownRun, "no run of Slurm job {} is done in {}; 'millrace runs' lists them",
                 millrace::quoted(which.substr(kJobPrefix.size())), place);
  return Error(Topic::kUnknownRun, "no run {} in {}; 'millrace runs' lists them", millrace::quoted(which),
               place);
}

void check(const Json& run, const std::string& pipeline, const std::string& stage) {
  const auto name = run.value("run", "");
  if (run.value("pipeline", "") != pipeline) {
    throw Error(Topic::kUnfinishedRun, "run '{}' is one of pipeline '{}', not of '{}'", name,
                run.value("pipeline", ""), pipeline);
  }
  if (!is_done(run)) {
    throw Error(Topic::kUnfinishedRun, "run '{}' is not done: it is {}", name,
                run.value("status", "without a status"));
  }
  if (!has_output(run, stage)) {
    throw Error(Topic::kUnfinishedRun,
                "run '{}' ended before the stage {}; 'millrace {} CONFIG' makes what is missing", name, stage,
                stage);
  }
}

}  // namespace

Json find_finished_run(const Workspace& workspace, const std::string& which, const std::string& pipeline,
                       const std::string& stage) {
  for (Json& run : list_runs(workspace)) {
    if (!matches(run, which, pipeline, stage)) continue;
    check(run, pipeline, stage);
    return std::move(run);
  }
  throw not_found(workspace, which, pipeline);
}

}  // namespace millrace
