// What manifest and card say of a model: its columns in, its predictions out, where it comes from.
#include <algorithm>
#include <cmath>

#include "packaging/artifact.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

const std::vector<std::string>* levels_of(const FeatureStep& step) {
  if (const auto* one_hot = std::get_if<OneHot>(&step.transform)) return &one_hot->vocabulary.levels();
  if (const auto* embedding = std::get_if<Embedding>(&step.transform)) {
    return &embedding->vocabulary.levels();
  }
  return nullptr;
}

// Levels beyond those of the model are taken as unknown; a manifest lists the most frequent ones.
void add_levels(const FeaturePlan& plan, Json& input) {
  for (const FeatureStep& step : plan.steps) {
    const auto* levels = levels_of(step);
    if (levels == nullptr || step.column != input["name"]) continue;
    const auto listed = static_cast<std::ptrdiff_t>(std::min(levels->size(), kListedLevels));
    input["levels"] = std::vector<std::string>(levels->begin(), levels->begin() + listed);
    input["level_count"] = levels->size();
  }
}

// As rows in JSON have such values: see packaging/json_rows.hpp.
Json in_json(double value, ColumnType type) {
  if (type == ColumnType::kBoolean) return value != 0;
  if (type == ColumnType::kInteger && std::abs(value) < 0x1p53) return static_cast<std::int64_t>(value);
  if (is_number(type)) return value;
  return format_number(value, type);
}

// What training has seen of the column.
void add_training(const Json& profile, Json& input) {
  for (const Json& column : profile.at("inputs").at("columns")) {
    if (column.at("name") != input["name"]) continue;
    const auto missing = column.at("missing").get<std::uint64_t>();
    input["may_be_missing"] = missing > 0;
    const auto type = input["type"].get<ColumnType>();
    if (column.contains("min"))
      input["range"] = {in_json(column["min"].get<double>(), type),
                        in_json(column["max"].get<double>(), type)};
  }
}

void add_unit(const std::map<std::string, std::string>& units, const std::string& column, Json& described) {
  const auto found = units.find(column);
  if (found != units.end()) described["unit"] = found->second;
}

Json describe_inputs(const FeaturePlan& plan, const ArtifactDocuments& documents) {
  Json inputs = plan.input_schema();
  for (Json& input : inputs) {
    add_levels(plan, input);
    if (!documents.profile.is_null()) add_training(documents.profile, input);
    add_unit(documents.units, input["name"], input);
  }
  return inputs;
}

Json describe_outputs(const TargetPlan& target, const ArtifactDocuments& documents) {
  if (target.task == "regression") {
    Json value{{"name", "value"}, {"type", "real"}};
    add_unit(documents.units, target.column, value);
    return Json::array({value});
  }
  Json outputs = Json::array();
  for (const std::string& level : target.classes) {
    if (target.task == "binary" && level != target.classes.at(1)) continue;
    outputs.push_back({{"name", "probability"}, {"type", "real"}, {"class", level}});
  }
  return outputs;
}

}  // namespace

Json describe_artifact(const Artifact& artifact, const ArtifactDocuments& documents) {
  const FeaturePlan& plan = artifact.scorer.plan();
  Json description{{"model", artifact.model},
                   {"version", artifact.version},
                   {"task", plan.target.task},
                   {"target", plan.target.column},
                   {"classes", plan.target.classes},
                   {"inputs", describe_inputs(plan, documents)},
                   {"outputs", describe_outputs(plan.target, documents)},
                   {"lineage", artifact.lineage}};
  if (!documents.licences.is_null()) description["licences"] = documents.licences;
  if (documents.onnx.bytes.empty()) description["onnx"] = {{"missing", documents.onnx.missing}};
  return description;
}

}  // namespace millrace
