#include "ingestion/ingest.hpp"

#include "config/config.hpp"
#include "pipeline/stage.hpp"
#include "pipeline/verify.hpp"

namespace millrace {

namespace {

// What later stages do with the rows, and where the files lie, is not part of the data's identity.
Json settings(const PipelineConfig& config) {
  Json data = config_to_json(config).at("data");
  for (const char* key : {"source", "partitions", "s3", "transfer", "target", "split", "filter"}) data.erase(key);
  return {{"name", config.name}, {"data", data}};
}

Json inputs(const StageContext& context, const Outputs&) {
  Json files = Json::array();
  const Sources& sources = context.sources->emplace(context.comm, context.config.data, context.workspace,
                                                    context.events, context.verify);
  for (const SourceFile& source : sources.files()) files.push_back({source.name, source.digest.hex()});
  return {{"sources", files}};
}

Json run(const StageContext& context, const Outputs&) {
  const IngestResult result = ingest(context.comm, context.config.data, context.config.name,
                                     context.sources->value(), context.workspace, context.events);
  context.sources->reset();
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
