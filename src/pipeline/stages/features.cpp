#include "base/log.hpp"
#include "base/topics.hpp"
#include "config/config.hpp"
#include "pipeline/dataset_reader.hpp"
#include "pipeline/feature_builder.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/named_columns.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

namespace {

Json features_settings(const PipelineConfig& config) {
  const Json all = config_to_json(config);
  return {{"target", all.at("data").at("target")},
          {"split", all.at("data").at("split")},
          {"filter", all.at("data").at("filter")},
          {"features", all.at("features")}};
}

Json features_inputs(const StageContext&, const Outputs& outputs) {
  return {{"dataset", outputs.at("ingest").at("dataset")}};
}

Json run_features(const StageContext& context, const Outputs& outputs) {
  const Digest dataset = Digest::from_hex(outputs.at("ingest").at("dataset").get<std::string>());
  const auto reader = context.comm.agree([&] { return DatasetReader(context.workspace, dataset); });
  context.comm.agree([&] {
    const SourceText& target = context.config.data.target.column;
    with_context(target.mark.str(), [&] { (void)reader.dataset().schema.index_of(target.text); });
    check_named_columns(context.config, reader.dataset().schema);
  });
  const FeatureSet set = build_features(context, reader, dataset);
  if (set.rows(Part::kTrain) == 0)
    throw Error(Topic::kNoTrainingRows, "no training rows are left: see data.filter and data.split");
  if (set.rows(Part::kTest) == 0 && context.comm.is_root()) log_warning("no test rows: see data.split.test");
  return context.on_root([&]() -> Json {
    const Digest version = context.workspace.put_object(canonical_json(set));
    return {{"features", version.hex()},
            {"columns", set.plan.input_columns().size()},
            {"inputs", set.plan.n_numeric() + set.plan.embeddings().size()},
            {"train", set.rows(Part::kTrain)},
            {"validation", set.rows(Part::kValidation)},
            {"test", set.rows(Part::kTest)}};
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
  return {"features", 2, features_settings, features_inputs, run_features, features_holds, name_features};
}

}  // namespace millrace
