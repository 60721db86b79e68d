#include "base/topics.hpp"
#include "features/plan.hpp"

namespace millrace {

namespace {

constexpr const char* kWhat = "feature plan";

Json transform_to_json(const NumericTransform& transform) {
  Json json{{"kind", "number"},         {"impute", transform.impute}, {"indicator", transform.indicator},
            {"log1p", transform.log1p}, {"mean", transform.mean},     {"deviation", transform.deviation}};
  if (transform.clip) json["clip"] = {transform.clip->first, transform.clip->second};
  return json;
}

Json transform_to_json(const OneHot& transform) {
  return {{"kind", "onehot"},
          {"levels", transform.vocabulary.levels()},
          {"missing_input", transform.missing_input},
          {"rare_input", transform.rare_input}};
}

Json transform_to_json(const Embedding& transform) {
  return {
      {"kind", "embedding"}, {"levels", transform.vocabulary.levels()}, {"dimension", transform.dimension}};
}

Json transform_to_json(const Bins& transform) {
  return {{"kind", "bins"}, {"edges", transform.edges}, {"dimension", transform.dimension}};
}

template <class T>
T get(const Json& json, const std::string& key) {
  return json_get<T>(json, key, kWhat);
}

NumericTransform number_from_json(const Json& json) {
  NumericTransform transform;
  transform.impute = get<double>(json, "impute");
  transform.indicator = get<bool>(json, "indicator");
  transform.log1p = get<bool>(json, "log1p");
  transform.mean = get<double>(json, "mean");
  transform.deviation = get<double>(json, "deviation");
  if (json.contains("clip")) transform.clip = get<std::pair<double, double>>(json, "clip");
  return transform;
}

Vocabulary vocabulary_from_json(const Json& json) {
  return Vocabulary(get<std::vector<std::string>>(json, "levels"));
}

decltype(FeatureStep::transform) transform_from_json(const Json& json) {
  const auto kind = get<std::string>(json, "kind");
  if (kind == "number") return number_from_json(json);
  if (kind == "onehot") {
    return OneHot{vocabulary_from_json(json), get<bool>(json, "missing_input"),
                  get<bool>(json, "rare_input")};
  }
  if (kind == "embedding")
    return Embedding{vocabulary_from_json(json), get<std::uint32_t>(json, "dimension")};
  if (kind == "bins") {
    return Bins{get<std::vector<double>>(json, "edges"), get<std::uint32_t>(json, "dimension")};
  }
  throw Error(Topic::kNewerFormat, "{}: there is no kind of step '{}'; it may come from a later version",
              kWhat, kind);
}

Json target_to_json(const TargetPlan& target) {
  return {{"column", target.column},      {"type", to_string(target.type)}, {"task", target.task},
          {"classes", target.classes},    {"positive", target.positive},    {"mean", target.mean},
          {"deviation", target.deviation}};
}

TargetPlan target_from_json(const Json& json) {
  TargetPlan target;
  target.column = get<std::string>(json, "column");
  target.type = parse_column_type(get<std::string>(json, "type"));
  target.task = get<std::string>(json, "task");
  target.classes = get<std::vector<std::string>>(json, "classes");
  target.positive = get<std::vector<std::string>>(json, "positive");
  target.mean = get<double>(json, "mean");
  target.deviation = get<double>(json, "deviation");
  return target;
}

}  // namespace

void to_json(Json& json, const FeaturePlan& plan) {
  json = {{"steps", Json::array()}, {"target", target_to_json(plan.target)}};
  for (const FeatureStep& step : plan.steps) {
    Json entry =
        std::visit([](const auto& transform) { return transform_to_json(transform); }, step.transform);
    entry["column"] = step.column;
    entry["type"] = to_string(step.type);
    json["steps"].push_back(std::move(entry));
  }
}

void from_json(const Json& json, FeaturePlan& plan) {
  plan.steps.clear();
  for (const Json& entry : get<Json>(json, "steps")) {
    plan.steps.push_back({get<std::string>(entry, "column"),
                          parse_column_type(get<std::string>(entry, "type")), transform_from_json(entry)});
  }
  plan.target = target_from_json(get<Json>(json, "target"));
}

}  // namespace millrace
