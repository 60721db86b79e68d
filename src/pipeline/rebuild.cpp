#include "pipeline/rebuild.hpp"

#include "base/file.hpp"
#include "base/topics.hpp"
#include "config/config.hpp"
#include "pipeline/artifact_builder.hpp"
#include "pipeline/ledger.hpp"

namespace millrace {

namespace {

// Paths in a resolved configuration are those of the run: relative to no file.
PipelineConfig resolved_config(const Workspace& workspace, const std::string& run) {
  return parse_config(read_file(workspace.path("runs/" + run + "/config.resolved.yaml")),
                      "config.resolved.yaml");
}

Outputs outputs_of(const Workspace& workspace, const std::string& run) {
  Json outputs = read_run(workspace, run).value("outputs", Json::object());
  if (outputs.contains("register")) return outputs;
  throw Error(Topic::kUnfinishedRun,
              "run '{}' ended before the stage {}; 'millrace {} CONFIG' makes what is missing", run,
              "register", "package");
}

}  // namespace

void rebuild_artifact(const Communicator& comm, const Workspace& workspace, const std::string& run,
                      const std::string& path) {
  const Outputs outputs = comm.agree([&] { return outputs_of(workspace, run); });
  const PipelineConfig config = comm.agree([&] { return resolved_config(workspace, run); });
  Events unheard;
  const StageContext context{comm, config, workspace, unheard, run, "", false, false, {}};
  build_artifact(context, outputs, path);
}

}  // namespace millrace
