#include "ingestion/ingest.hpp"

#include "config/config.hpp"
#include "pipeline/stage.hpp"
#include "pipeline/verify.hpp"

namespace millrace {

namespace {

// What later stages do with the rows, where the files lie, and who reads them, is not part of the data's
// identity.
Json settings(const PipelineConfig& config) {
  Json data = config_to_json(config).at("data");
  for (const char* key : {"source", "target", "split", "filter", "threads"}) data.erase(key);
  return {{"name", config.name}, {"data", data}};
}

std::vector<SourceFile> sources_of(const StageContext& context, std::vector<std::string>& paths) {
  return find_sources(context.comm, context.config.data, context.workspace, paths, context.verify);
}

Json inputs(const StageContext& context, const Outputs&) {
  std::vector<std::string> paths;
  Json files = Json::array();
  for (const SourceFile& source : sources_of(context, paths))
    files.push_back({source.name, source.digest.hex()});
  return {{"sources", files}};
}

Json run(const StageContext& context, const Outputs&) {
  std::vector<std::string> paths;
  const auto sources = sources_of(context, paths);
  const IngestResult result = ingest(context.comm, context.config.data, context.config.name, sources, paths,
                                     context.workspace, context.events);
  context.comm.agree([&] {
    if (context.comm.is_root()) context.workspace.set_ref("data", context.config.name, result.version);
  });
  return {{"dataset", result.version.hex()},
          {"rows", result.dataset.rows()},
          {"rejected", result.dataset.rejects.count},
          {"columns", result.dataset.schema.size()}};
}

bool holds(const StageContext& context, const Outputs&, const Json& output) {
  return has_dataset(context.workspace, Digest::from_hex(output.at("dataset").get<std::string>()));
}

}  // namespace

Stage ingest_stage() {
  return {"ingest", 1, settings, inputs, run, holds, {}};
}

}  // namespace millrace
