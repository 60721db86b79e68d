#include "pipeline/warm_start.hpp"

#include "config/config.hpp"

namespace millrace {

namespace {

// What decides whether a model's inputs and layers are those that this configuration has.
std::string settings_of(const PipelineConfig& config) {
  const Json all = config_to_json(config);
  return digest_of(canonical_json({{"target", all.at("data").at("target")},
                                   {"split", all.at("data").at("split")},
                                   {"filter", all.at("data").at("filter")},
                                   {"features", all.at("features")},
                                   {"model", all.at("model")}}))
      .hex();
}

Json fresh(const std::string& why) {
  return {{"fresh", why}};
}

Json of_version(const StageContext& context, const ModelVersion& version) {
  const Json details = version.details();
  const Json retrain = details.value("retrain", Json());
  if (!retrain.is_object()) return fresh(version.name() + " was registered without retrain.warm_start");
  if (retrain.at("settings") != settings_of(context.config))
    return fresh(version.name() + " was trained by other settings of features, split or model");
  const auto features = details.at("features").get<std::string>();
  const auto weights = details.at("weights").get<std::string>();
  for (const std::string& object : {features, weights}) {
    if (!context.workspace.has_object(Digest::from_hex(object)))
      return fresh(version.name() + " is no longer whole in this workspace");
  }
  return {{"version", version.version},
          {"features", features},
          {"weights", weights},
          {"since_full", retrain.at("since_full")}};
}

// What the champion itself began with.
Json of_champion(const StageContext& context, const RegistryState& state, const ModelVersion& champion) {
  const std::uint64_t base = champion.details().value("retrain", Json::object()).value("base", 0U);
  const ModelVersion* before = state.find(champion.model, base);
  return before == nullptr ? fresh(champion.name() + " was trained afresh on these data")
                           : of_version(context, *before);
}

}  // namespace

Json find_warm_start(const StageContext& context, const Outputs& outputs) {
  const auto& retrain = context.config.retrain;
  if (!retrain.warm_start) return nullptr;
  return context.on_root([&]() -> Json {
    const RegistryState state = context.registry().state();
    const ModelVersion* champion = state.find_alias(context.model_name(), kChampion);
    if (champion == nullptr) return fresh("there is no champion yet");
    const bool is_same = champion->details().value("dataset", "") == outputs.at("ingest").at("dataset");
    Json start = is_same ? of_champion(context, state, *champion) : of_version(context, *champion);
    if (start.contains("fresh")) return start;
    const auto since = start.at("since_full").get<std::uint32_t>() + 1;
    if (retrain.full_every > 0 && since >= retrain.full_every)
      return fresh(fmt::format("{} models since the last full training, by retrain.full_every", since));
    return start;
  });
}

Json warm_start_details(const PipelineConfig& config, const Outputs& outputs) {
  if (!config.retrain.warm_start) return nullptr;
  const Json start = outputs.at("features").value("warm_start", Json());
  const bool is_warm = start.is_object();
  return {{"settings", settings_of(config)},
          {"base", is_warm ? start.at("version") : Json(0)},
          {"since_full", is_warm ? start.at("since_full").get<std::uint32_t>() + 1 : 0}};
}

}  // namespace millrace
