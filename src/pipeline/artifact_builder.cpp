#include "pipeline/artifact_builder.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/version.hpp"
#include "ingestion/dialect.hpp"
#include "packaging/card.hpp"
#include "packaging/licences.hpp"
#include "packaging/onnx/export.hpp"
#include "pipeline/candidate.hpp"
#include "pipeline/column_profile.hpp"
#include "pipeline/dataset_reader.hpp"
#include "pipeline/golden.hpp"
#include "pipeline/named_columns.hpp"
#include "pipeline/split.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

constexpr std::size_t kListedSources = 50;

// From the first to the last of the columns that are dates or times.
Json dates_of(const Dataset& dataset) {
  Json dates = Json::object();
  for (std::size_t i = 0; i < dataset.schema.size(); ++i) {
    const auto& [name, type] = dataset.schema[i];
    const ColumnStatistics& statistics = dataset.profile[i].statistics;
    if (is_moment(type) && statistics.present() > 0)
      dates[name] = {format_number(statistics.min, type), format_number(statistics.max, type)};
  }
  return dates;
}

Json describe_data(const Dataset& dataset) {
  Json sources = Json::array();
  for (const SourceFile& source : dataset.sources) {
    if (sources.size() < kListedSources) sources.push_back(source.name);
  }
  return {{"name", dataset.name},
          {"rows", dataset.rows()},
          {"rejected", dataset.rejects.count},
          {"sources", sources},
          {"source_count", dataset.sources.size()},
          {"dates", dates_of(dataset)}};
}

Json lineage(const StageContext& context, const Outputs& outputs, const Dataset& dataset) {
  return {{"dialect", dialect_to_json(context.config.data, dataset)},
          {"data", describe_data(dataset)},
          {"dataset", outputs.at("ingest").at("dataset")},
          {"features", outputs.at("features").at("features")},
          {"weights", outputs.at("train").at("weights")},
          {"evaluation", outputs.at("evaluate").at("evaluation")},
          {"metrics", outputs.at("evaluate").at("test")},
          {"code_version", code_version()}};
}

// Of the rows that the model was trained on: the inputs, and the target behind them.
ColumnProfiles profile_training_rows(const StageContext& context, const DatasetReader& reader,
                                     const RowSplit& split, const FeaturePlan& plan) {
  const Schema inputs = plan.input_schema();
  std::vector<Field> fields(inputs.begin(), inputs.end());
  fields.push_back(reader.dataset().schema[reader.dataset().schema.index_of(plan.target.column)]);
  const Schema profiled(std::move(fields));
  std::vector<std::string> columns = profiled.names();
  for (const std::string& name : split.columns()) {
    if (std::ranges::find(columns, name) == columns.end()) columns.push_back(name);
  }
  const ShardSource source = [&](std::size_t shard) { return reader.read(shard, columns); };
  const RowFilter training_rows = [&](std::size_t shard, const DataShard& data) {
    std::vector<std::uint8_t> keep;
    for (const Part part : split.assign(data, reader.row_indices(shard, data)))
      keep.push_back(part == Part::kTrain ? 1 : 0);
    return keep;
  };
  return profile_columns(context.comm, reader.shards(), profiled, source, training_rows);
}

void add_profiles(ArtifactDocuments& documents, ColumnProfiles training, const Json& test) {
  const Json target = training.distributions.back();
  training.columns.erase(training.columns.size() - 1);
  training.distributions.erase(training.distributions.size() - 1);
  documents.profile["inputs"] = {{"part", "train"}, {"columns", training.columns}};
  documents.reference = {{"inputs", {{"part", "train"}, {"columns", training.distributions}}},
                         {"target", {{"part", "train"}, {"columns", Json::array({target})}}}};
  if (!test.contains("predictions")) return;
  documents.profile["predictions"] = {{"part", "test"}, {"columns", test["predictions"]}};
  documents.reference["predictions"] = {{"part", "test"}, {"columns", test.at("distributions")}};
}

ArtifactDocuments make_documents(const StageContext& context, const Artifact& artifact,
                                 const ColumnProfiles& training, const std::string& evaluation_bytes) {
  const CardConfig& card = context.config.package.card;
  const Json evaluation = parse_json(evaluation_bytes, "the evaluation");
  ArtifactDocuments documents;
  documents.onnx = export_onnx(artifact.scorer);
  add_profiles(documents, training, evaluation.at("test"));
  documents.evaluation = evaluation_bytes;
  documents.licences = licences_of(card.licence, card.data_licence);
  for (const auto& [column, unit] : card.units) documents.units[column] = unit.text;
  documents.card = model_card(describe_artifact(artifact, documents), evaluation,
                              {card.purpose, card.limits, card.contact});
  return documents;
}

}  // namespace

void build_artifact(const StageContext& context, const Outputs& outputs, const std::string& path) {
  const TrainedCandidate candidate =
      context.comm.agree([&] { return load_candidate(context.workspace, outputs); });
  const auto reader =
      context.comm.agree([&] { return DatasetReader(context.workspace, candidate.features.dataset); });
  context.comm.agree([&] { check_named_columns(context.config, reader.dataset().schema); });
  const RowSplit split(context.comm, context.config.data, reader, candidate.features.window);
  const ColumnProfiles training = profile_training_rows(context, reader, split, candidate.scorer.plan());
  (void)context.on_root([&] {
    const Artifact artifact{outputs.at("register").at("model"), outputs.at("register").at("version"),
                            lineage(context, outputs, reader.dataset()), candidate.scorer,
                            make_golden_rows(context, candidate, split, context.config.package.golden_rows)};
    const ArtifactDocuments documents =
        make_documents(context, artifact, training,
                       context.workspace.get_object(output_digest(outputs, "evaluate", "evaluation")));
    if (documents.onnx.bytes.empty())
      log_warning("the artifact has no model.onnx: {}", documents.onnx.missing);
    write_artifact(path, artifact, documents, context.config.package.sign_key);
    return Json();
  });
}

}  // namespace millrace
