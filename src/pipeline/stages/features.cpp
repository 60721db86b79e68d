#include <optional>

#include "base/log.hpp"
#include "base/topics.hpp"
#include "config/config.hpp"
#include "pipeline/dataset_reader.hpp"
#include "pipeline/feature_builder.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/named_columns.hpp"
#include "pipeline/stage.hpp"
#include "pipeline/warm_start.hpp"

namespace millrace {

namespace {

Json features_settings(const PipelineConfig& config) {
  const Json all = config_to_json(config);
  return {{"target", all.at("data").at("target")},
          {"split", all.at("data").at("split")},
          {"filter", all.at("data").at("filter")},
          {"features", all.at("features")}};
}

// A model to begin with is an input, and with it what of the rows counts.
Json features_inputs(const StageContext& context, const Outputs& outputs) {
  Json inputs{{"dataset", outputs.at("ingest").at("dataset")}};
  const Json start = find_warm_start(context, outputs);
  if (!start.is_object() || start.contains("fresh")) return inputs;
  const auto& retrain = context.config.retrain;
  inputs["warm_start"] = {
      {"features", start.at("features")}, {"window", retrain.window}, {"replay", retrain.replay}};
  return inputs;
}

// The champion's version, where its plan can go on; a column that it needs is there, with its type.
std::optional<FeatureSet> version_to_extend(const StageContext& context, const Schema& schema, Json& start) {
  if (!start.is_object() || start.contains("fresh")) return std::nullopt;
  const Digest features = Digest::from_hex(start.at("features").get<std::string>());
  FeatureSet set = context.comm.agree([&] { return read_feature_set(context.workspace, features); });
  for (const Field& field : set.plan.input_schema()) {
    if (schema.contains(field.name) && schema[schema.index_of(field.name)].type == field.type) continue;
    start = {{"fresh", fmt::format("the champion needs the column '{}' as {}, which the data do not have",
                                   field.name, to_string(field.type))}};
    return std::nullopt;
  }
  return set;
}

void tell_start(const StageContext& context, const Json& start) {
  if (!start.is_object() || !context.comm.is_root()) return;
  const bool is_fresh = start.contains("fresh");
  log_info("{}", is_fresh ? "training begins afresh: " + start.at("fresh").get<std::string>()
                          : fmt::format("training begins with version {}", start.at("version").dump()));
  context.events.emit("features.start", start);
}

Json run_features(const StageContext& context, const Outputs& outputs) {
  const Digest dataset = Digest::from_hex(outputs.at("ingest").at("dataset").get<std::string>());
  const auto reader = context.comm.agree([&] { return DatasetReader(context.workspace, dataset); });
  context.comm.agree([&] {
    const SourceText& target = context.config.data.target.column;
    with_context(target.mark.str(), [&] { (void)reader.dataset().schema.index_of(target.text); });
    check_named_columns(context.config, reader.dataset().schema);
  });
  Json start = find_warm_start(context, outputs);
  const auto before = version_to_extend(context, reader.dataset().schema, start);
  tell_start(context, start);
  const FeatureSet set = build_features(context, reader, dataset, before ? &*before : nullptr);
  if (set.rows(Part::kTrain) == 0)
    throw Error(Topic::kNoTrainingRows, "no training rows are left: see data.filter and data.split");
  if (set.rows(Part::kTest) == 0 && context.comm.is_root()) log_warning("no test rows: see data.split.test");
  return context.on_root([&]() -> Json {
    const Digest version = context.workspace.put_object(canonical_json(set));
    Json output{{"features", version.hex()},
                {"columns", set.plan.input_columns().size()},
                {"inputs", set.plan.n_numeric() + set.plan.embeddings().size()},
                {"train", set.rows(Part::kTrain)},
                {"validation", set.rows(Part::kValidation)},
                {"test", set.rows(Part::kTest)}};
    if (before) output["warm_start"] = start;
    return output;
  });
}

bool features_holds(const StageContext& context, const Outputs&, const Json& output) {
  return has_features(context.workspace, Digest::from_hex(output.at("features").get<std::string>()));
}

// Not where features are made: those of a trial are nobody's newest.
void name_features(const StageContext& context, const Json& output) {
  context.comm.agree([&] {
    if (!context.comm.is_root()) return;
    const Digest version = Digest::from_hex(output.at("features").get<std::string>());
    context.workspace.set_ref("features", context.config.name, version);
  });
}

}  // namespace

Stage features_stage() {
  return {"features", 3, features_settings, features_inputs, run_features, features_holds, name_features};
}

}  // namespace millrace
