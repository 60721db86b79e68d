#include "ingestion/ingest.hpp"

#include "ingestion/reading_settings.hpp"
#include "pipeline/dataset_reader.hpp"
#include "pipeline/publish_version.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

namespace {

Json ingest_settings(const PipelineConfig& config) {
  return {{"name", config.name}, {"data", reading_settings(config.data)}};
}

Json ingest_inputs(const StageContext& context, const Outputs&) {
  Json files = Json::array();
  const Sources& sources =
      context.sources->emplace(context.comm, context.config.data, context.workspace, context.events,
                               context.verify ? DigestUse::kTakenAnew : DigestUse::kRemembered);
  for (const SourceFile& source : sources.files()) files.push_back({source.name, source.digest.hex()});
  return {{"sources", files}};
}

Json run_ingest(const StageContext& context, const Outputs&) {
  const IngestResult result = ingest(context.comm, context.config.data, context.config.name,
                                     context.sources->value(), context.workspace, context.events);
  context.sources->reset();
  return {{"dataset", result.version.hex()},
          {"rows", result.dataset.rows()},
          {"rejected", result.dataset.rejects.count},
          {"columns", result.dataset.schema.size()}};
}

bool ingest_holds(const StageContext& context, const Outputs&, const Json& output) {
  return has_dataset(context.workspace, Digest::from_hex(output.at("dataset").get<std::string>()));
}

void conclude(const StageContext& context, const Json& output) {
  publish_version(context, Digest::from_hex(output.at("dataset").get<std::string>()));
}

}  // namespace

Stage ingest_stage() {
  return {"ingest", kIngestNumerics, ingest_settings, ingest_inputs, run_ingest, ingest_holds, conclude};
}

}  // namespace millrace
