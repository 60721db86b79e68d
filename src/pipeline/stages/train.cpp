#include <cmath>

#include "base/log.hpp"
#include "config/config.hpp"
#include "model/carry_over.hpp"
#include "model/scorer.hpp"
#include "model/weights.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/ledger.hpp"
#include "pipeline/stage.hpp"
#include "training/device.hpp"
#include "training/trainer.hpp"

namespace millrace {

namespace {

// How the work is cut up and saved does not belong to what is trained. The device and its precision are among
// the inputs, as they turned out.
Json train_settings(const PipelineConfig& config) {
  const Json all = config_to_json(config);
  Json training = all.at("training");
  for (const char* key : {"checkpoint", "threads", "device", "precision"}) {
    training.erase(key);
  }
  return {{"model", all.at("model")}, {"training", training}};
}

Json train_inputs(const StageContext& context, const Outputs& outputs) {
  Json inputs{{"features", outputs.at("features").at("features")},
              {"device", training_device(context.comm, context.config.training)}};
  const Json start = outputs.at("features").value("warm_start", Json());
  if (start.is_object()) inputs["begins_with"] = start.at("weights");
  return inputs;
}

// The champion's weights where the features are made for them. Another architecture is a fresh start, which
// is said.
std::vector<float> weights_to_begin_with(const StageContext& context, const Outputs& outputs,
                                         const FeatureSet& set, const NetworkSpec& spec) {
  const Json start = outputs.at("features").value("warm_start", Json());
  if (!start.is_object()) return {};
  const FeatureSet before =
      read_feature_set(context.workspace, Digest::from_hex(start.at("features").get<std::string>()));
  const Digest weights = Digest::from_hex(start.at("weights").get<std::string>());
  const Network network = read_weights_bytes(context.workspace.get_object(weights), weights.brief());
  const std::string obstacle = obstacle_to_carrying(before.plan, network.spec(), set.plan, spec);
  if (obstacle.empty()) return carry_over(before.plan, network, set.plan, spec, context.config.training.seed);
  if (context.comm.is_root())
    log_warning("training begins afresh: version {} is of another architecture: {}",
                start.at("version").dump(), obstacle);
  return {};
}

TrainingInput training_input(const StageContext& context, const FeatureSet& set) {
  TrainingInput input;
  input.train_shards = set.paths(Part::kTrain, context.workspace);
  input.validation_shards = set.paths(Part::kValidation, context.workspace);
  input.key = context.key;
  input.checkpoint_folder = context.run_folder + "/checkpoints";
  const Json folders =
      context.on_root([&] { return Json(unfinished_checkpoint_folders(context.workspace)); });
  input.resume_folders = folders.get<std::vector<std::string>>();
  input.show_progress = context.show_progress;
  return input;
}

// JSON has no NaN: an epoch without validation rows has no validation loss.
Json history_json(const TrainingResult& result) {
  Json history = Json::array();
  for (const EpochRecord& epoch : result.history) {
    Json entry{
        {"epoch", epoch.epoch}, {"train_loss", epoch.train_loss}, {"learning_rate", epoch.learning_rate}};
    if (std::isfinite(epoch.validation_loss)) entry["validation_loss"] = epoch.validation_loss;
    history.push_back(entry);
  }
  return {{"history", history}, {"best_epoch", result.best_epoch}, {"stopped_early", result.stopped_early}};
}

Digest store_weights(const StageContext& context, const NetworkSpec& spec, const TrainingResult& result) {
  PendingFile file(context.workspace.temporary_folder() + "/weights.h5");
  write_weights(file.temporary_path(), Network(spec, result.parameters));
  return context.workspace.put_object(file);
}

Json run_train(const StageContext& context, const Outputs& outputs) {
  const Digest version = Digest::from_hex(outputs.at("features").at("features").get<std::string>());
  const FeatureSet set = context.comm.agree([&] { return read_feature_set(context.workspace, version); });
  const NetworkSpec spec = make_network_spec(set.plan, context.config.model);
  TrainingInput input = training_input(context, set);
  input.initial = context.comm.agree([&] { return weights_to_begin_with(context, outputs, set, spec); });
  const TrainingResult result = train(context.comm, spec, context.config.training, input, context.events);
  return context.on_root([&]() -> Json {
    return {{"weights", store_weights(context, spec, result).hex()},
            {"training", context.workspace.put_object(canonical_json(history_json(result))).hex()},
            {"parameters", result.parameters.size()},
            {"steps", result.steps},
            {"best_epoch", result.best_epoch},
            {"resumed_from_step", result.resumed_from_step},
            {"samples_per_second", result.samples_per_second},
            {"device", result.device}};
  });
}

bool train_holds(const StageContext& context, const Outputs&, const Json& output) {
  return context.workspace.has_object(Digest::from_hex(output.at("weights").get<std::string>())) &&
         context.workspace.has_object(Digest::from_hex(output.at("training").get<std::string>()));
}

}  // namespace

Stage train_stage() {
  return {"train", 1, train_settings, train_inputs, run_train, train_holds, {}};
}

}  // namespace millrace
