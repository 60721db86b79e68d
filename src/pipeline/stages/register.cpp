#include "base/time.hpp"
#include "base/version.hpp"
#include "config/config.hpp"
#include "cost/allocation.hpp"
#include "pipeline/candidate.hpp"
#include "pipeline/environment.hpp"
#include "pipeline/stage.hpp"
#include "pipeline/warm_start.hpp"
#include "registry/hooks.hpp"

namespace millrace {

namespace {

Json register_settings(const PipelineConfig& config) {
  return {{"model", config.registry.model.empty() ? config.name : config.registry.model}};
}

Json register_inputs(const StageContext&, const Outputs& outputs) {
  return {{"weights", outputs.at("train").at("weights")},
          {"features", outputs.at("features").at("features")},
          {"dataset", outputs.at("ingest").at("dataset")},
          {"evaluation", outputs.at("evaluate").at("evaluation")}};
}

// Of the run so far, by stage.
Json cost_so_far(const StageContext& context, const Json& record) {
  Json cost = record.at("cost");
  cost["ranks"] = context.comm.size();
  double seconds = 0;
  for (const Json& stage : record.at("stages")) {
    cost["stages"][stage.at("name").get<std::string>()] = stage.at("seconds");
    seconds += stage.at("seconds").get<double>();
  }
  complete_cost(cost, context.comm.size(), seconds);
  return cost;
}

Json details(const StageContext& context, const Outputs& outputs, const Json& run) {
  Json all{{"trained", now_rfc3339()},
           {"dataset", outputs.at("ingest").at("dataset")},
           {"features", outputs.at("features").at("features")},
           {"weights", outputs.at("train").at("weights")},
           {"training", outputs.at("train").at("training")},
           {"evaluation", outputs.at("evaluate").at("evaluation")},
           {"compared_with", outputs.at("evaluate").at("compared_with")},
           {"metrics",
            {{"validation", outputs.at("evaluate").at("validation")},
             {"test", outputs.at("evaluate").at("test")}}},
           {"gate", outputs.at("evaluate").at("gate")},
           {"run", context.run},
           {"job", slurm_job()},
           {"code_version", code_version()},
           {"cost", cost_so_far(context, run)}};
  if (run.contains("search"))
    all["search"] = {{"name", run["search"].at("name")}, {"trial", run["search"].at("trial")}};
  const Json retrain = warm_start_details(context.config, outputs);
  if (retrain.is_object()) all["retrain"] = retrain;
  return all;
}

// The whole search that the values come from goes along, so that its trials are known for as long as the
// version.
std::map<std::string, Json> records(const StageContext& context, const Outputs& outputs, const Json& where,
                                    const Json& run) {
  const auto object = [&](const Digest& digest, const char* what) {
    return parse_json(context.workspace.get_object(digest), what);
  };
  std::map<std::string, Json> records{
      {"config", config_to_json(context.config)},
      {"environment", where},
      {"training", object(output_digest(outputs, "train", "training"), "course of the training")}};
  const std::string search = run.value("/search/summary"_json_pointer, "");
  if (!search.empty()) records["search"] = object(Digest::from_hex(search), "summary of the search");
  return records;
}

ModelVersion enter(const StageContext& context, const Outputs& outputs, const Json& where,
                   Registry& registry) {
  const Json run = read_json_file(context.run_folder + "/run.json");
  return register_version(
      registry, Hooks(context.workspace.root()),
      {context.model_name(), details(context, outputs, run), records(context, outputs, where, run)},
      [&](const std::string& message) {
        context.events.emit("hook.warning", {{"message", message}});
      });
}

// Weights that are registered already keep their version: only the champion's alias moves. Where the highest
// stage takes sign-offs, these make the champion.
Json run_register(const StageContext& context, const Outputs& outputs) {
  const Json where = environment(context.comm, outputs.at("train").at("device").get<std::string>());
  return context.on_root([&]() -> Json {
    Registry registry = context.registry();
    const std::string model = context.model_name();
    const ModelVersion* known =
        registry.state().find_registered(model, output_digest(outputs, "train", "weights"));
    const std::uint64_t version =
        known != nullptr ? known->version : enter(context, outputs, where, registry).version;
    if (registry.state().guarded_top().empty()) registry.set_alias(model, kChampion, version);
    return {{"model", model}, {"version", version}};
  });
}

bool register_holds(const StageContext& context, const Outputs&, const Json& output) {
  const RegistryState state = context.registry().state();
  const auto model = output.at("model").get<std::string>();
  const auto version = output.at("version").get<std::uint64_t>();
  if (!state.guarded_top().empty()) return state.find(model, version) != nullptr;
  const ModelVersion* champion = state.find_alias(model, kChampion);
  return champion != nullptr && champion->version == version;
}

}  // namespace

Stage register_stage() {
  return {"register", 1, register_settings, register_inputs, run_register, register_holds, {}};
}

}  // namespace millrace
