#include "pipeline/tuned_trial.hpp"

#include <algorithm>
#include <cmath>

#include "base/time.hpp"
#include "base/topics.hpp"
#include "config/config.hpp"
#include "pipeline/cache.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/key.hpp"
#include "pipeline/scoring.hpp"
#include "training/trainer.hpp"

namespace millrace {

namespace {

// From the cache, unless the values of this trial touch the features.
Json features_of(StageContext& context, const Outputs& outputs) {
  const Stage stage = features_stage();
  const StageKey key = stage_key(stage, context, outputs);
  context.key = key.digest;
  Json output = cached_output(stage, context, outputs, key.digest);
  if (!output.is_null()) return output;
  output = stage.run(context, outputs);
  record_output(stage, context, key, output);
  return output;
}

TrainingInput trial_input(const StageContext& context, const FeatureSet& set, const Outputs& outputs,
                          std::uint32_t until_epoch) {
  TrainingInput input;
  input.train_shards = set.paths(Part::kTrain, context.workspace);
  input.validation_shards = set.paths(Part::kValidation, context.workspace);
  input.key = stage_key(train_stage(), context, outputs).digest;
  input.checkpoint_folder = context.run_folder + "/checkpoints";
  input.until_epoch = until_epoch;
  return input;
}

double best_loss(const TrainingResult& result) {
  double best = result.history.front().validation_loss;
  for (const EpochRecord& epoch : result.history) best = std::min(best, epoch.validation_loss);
  return best;
}

double score_of(const StageContext& context, const FeatureSet& set, const NetworkSpec& spec,
                const TrainingResult& result, const std::string& metric) {
  if (metric == "loss") return best_loss(result);
  const Scorer scorer(set.plan, Network(spec, result.parameters));
  const Evaluation evaluation = evaluate_part(context, score_part(context, scorer, set, Part::kValidation));
  const auto found = evaluation.metrics.find(metric);
  if (found == evaluation.metrics.end() || !std::isfinite(found->second)) {
    throw data_error("tuning.metric: {} is not defined on the validation rows: they may hold one class only",
                     metric);
  }
  return found->second;
}

Json curve_of(const TrainingResult& result) {
  Json curve = Json::array();
  for (const EpochRecord& epoch : result.history) {
    curve.push_back({{"epoch", epoch.epoch},
                     {"train_loss", epoch.train_loss},
                     {"validation_loss", epoch.validation_loss}});
  }
  return curve;
}

}  // namespace

PipelineConfig with_values(const PipelineConfig& config, const tuning::Assignment& values) {
  std::vector<std::string> overrides;
  for (const auto& [key, value] : values) overrides.push_back(key + "=" + value.dump());
  PipelineConfig changed = parse_config(config_to_yaml(config), "config.resolved.yaml", overrides);
  PipelineConfig result = config;
  result.features = std::move(changed.features);
  result.model = std::move(changed.model);
  result.training = std::move(changed.training);
  return result;
}

PipelineConfig trial_config(const PipelineConfig& config) {
  PipelineConfig result = config;
  result.training.epochs = config.tuning.scheduler.max_epochs.value_or(config.training.epochs);
  return result;
}

tuning::Result run_trial(const Communicator& group, const TrialSetting& setting,
                         const tuning::Segment& segment) {
  const Stopwatch watch;
  const PipelineConfig config =
      group.agree([&] { return with_values(trial_config(setting.config), segment.assignment); });
  Events unheard;
  StageContext context{group,   config, setting.workspace,
                       unheard, "",     fmt::format("{}/trials/{:05}", setting.folder, segment.trial),
                       false,   false,  {}};
  Outputs outputs = setting.outputs;
  outputs["features"] = features_of(context, outputs);
  const Digest version = Digest::from_hex(outputs.at("features").at("features").get<std::string>());
  const FeatureSet set = group.agree([&] { return read_feature_set(setting.workspace, version); });
  const NetworkSpec spec = make_network_spec(set.plan, config.model);
  const TrainingResult trained =
      train(group, spec, config.training, trial_input(context, set, outputs, segment.until_epoch), unheard);
  tuning::Result result;
  result.score = score_of(context, set, spec, trained, setting.metric);
  result.epochs = static_cast<std::uint32_t>(trained.history.size());
  result.ended = !trained.paused;
  result.seconds = watch.seconds();
  result.curve = curve_of(trained);
  return result;
}

}  // namespace millrace
