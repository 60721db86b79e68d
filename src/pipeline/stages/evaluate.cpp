#include "base/log.hpp"
#include "base/topics.hpp"
#include "config/config.hpp"
#include "evaluation/bootstrap.hpp"
#include "evaluation/gate.hpp"
#include "packaging/artifact.hpp"
#include "pipeline/candidate.hpp"
#include "pipeline/prediction_profile.hpp"
#include "pipeline/scoring.hpp"
#include "pipeline/segments.hpp"
#include "pipeline/stage.hpp"
#include "training/device.hpp"

namespace millrace {

namespace {

Json evaluate_settings(const PipelineConfig& config) {
  return config_to_json(config).at("evaluation");
}

// The artifact that the candidate is compared with; empty where there is none. When the candidate is the
// champion already, it is what the champion was compared with: so a run that changes nothing finds its key
// again.
Json baseline(const StageContext& context, const Outputs& outputs) {
  return context.on_root([&]() -> Json {
    const RegistryState state = context.registry().state();
    const ModelVersion* champion = state.find_alias(context.model_name(), kChampion);
    if (champion == nullptr) return "";
    if (champion->weights == outputs.at("train").at("weights")) {
      return champion->details().value("compared_with", "");
    }
    return champion->artifact ? champion->artifact->hex() : "";
  });
}

Json evaluate_inputs(const StageContext& context, const Outputs& outputs) {
  Json all{{"weights", outputs.at("train").at("weights")},
           {"features", outputs.at("features").at("features")},
           {"champion", baseline(context, outputs)}};
  // Scores from a GPU are rounded in its own way.
  const std::string device = training_device(context.comm, context.config.training);
  if (device != "cpu") all["device"] = device;
  return all;
}

// The champion's metrics on the candidate's test rows, or why there are none.
struct Comparison {
  std::optional<std::map<std::string, double>> champion;
  std::string obstacle;
};

Comparison compare(const StageContext& context, const FeatureSet& set, const std::string& champion) {
  if (champion.empty()) return {};
  const Artifact artifact = context.comm.agree(
      [&] { return read_artifact(context.workspace.object_path(Digest::from_hex(champion))); });
  try {
    return {evaluate_champion(context, artifact.scorer, set).metrics, ""};
  } catch (const Error& error) {  // agreed on by all ranks
    if (error.code() != ExitCode::kDataRejected || error.topic() == Topic::kDiverged) throw;
    return {std::nullopt, error.message()};
  }
}

GateVerdict verdict_of(const StageContext& context, const FeatureSet& set, const Evaluation& test,
                       const Comparison& comparison) {
  const auto& gate = context.config.evaluation.gate;
  if (gate && set.rows(Part::kTest) == 0) {
    throw Error(Topic::kNoTestRows,
                "the gate has no test rows to judge by: see data.split.test, or set evaluation.gate: false");
  }
  GateVerdict verdict = judge(gate, set.plan.target.task, test.metrics, comparison.champion);
  if (gate && !comparison.obstacle.empty()) {
    verdict.passed = false;
    verdict.reason = "the champion cannot be compared on this data: " + comparison.obstacle;
  }
  return verdict;
}

// What else the test rows tell: how sure the metrics are, where they differ, how predictions are spread.
Json look_into(const StageContext& context, const FeatureSet& set, const ScoredPart& scored) {
  if (scored.shards == 0) return Json::object();
  const ColumnProfiles predictions = profile_predictions(context.comm, scored, set.plan.target);
  return {{"bootstrap", bootstrap_metrics(context.comm, scored.mine, scored.shards, scored.options,
                                          context.config.evaluation.resamples)},
          {"segments", evaluate_segments(context, set, scored)},
          {"predictions", predictions.columns},
          {"distributions", predictions.distributions}};
}

Json run_evaluate(const StageContext& context, const Outputs& outputs) {
  const TrainedCandidate candidate =
      context.comm.agree([&] { return load_candidate(context.workspace, outputs); });
  const std::string champion = baseline(context, outputs);
  const Evaluation validation =
      evaluate_part(context, score_part(context, candidate.scorer, candidate.features, Part::kValidation));
  const ScoredPart scored = score_part(context, candidate.scorer, candidate.features, Part::kTest);
  const Evaluation test = evaluate_part(context, scored);
  const Json looked_into = look_into(context, candidate.features, scored);
  const Comparison comparison = compare(context, candidate.features, champion);
  const GateVerdict verdict =
      context.comm.agree([&] { return verdict_of(context, candidate.features, test, comparison); });
  return context.on_root([&]() -> Json {
    Json document{{"validation", {{"metrics", validation.metrics}, {"curves", validation.curves}}},
                  {"test", {{"metrics", test.metrics}, {"curves", test.curves}}},
                  {"gate", verdict}};
    document["test"].update(looked_into);
    return {{"evaluation", context.workspace.put_object(canonical_json(document)).hex()},
            {"validation", validation.metrics},
            {"test", test.metrics},
            {"gate", verdict},
            {"compared_with", champion}};
  });
}

bool evaluate_holds(const StageContext& context, const Outputs&, const Json& output) {
  return context.workspace.has_object(Digest::from_hex(output.at("evaluation").get<std::string>()));
}

void refuse_candidate(const StageContext&, const Json& output) {
  const auto verdict = output.at("gate").get<GateVerdict>();
  if (!verdict.passed) throw Error(Topic::kGate, "gate not passed: {}", verdict.reason);
}

}  // namespace

Stage evaluate_stage() {
  return {"evaluate", 3, evaluate_settings, evaluate_inputs, run_evaluate, evaluate_holds, refuse_candidate};
}

}  // namespace millrace
