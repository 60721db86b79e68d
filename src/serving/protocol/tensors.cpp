#include "serving/protocol/tensors.hpp"

#include <algorithm>
#include <array>

namespace millrace {

namespace {

constexpr std::array<std::string_view, 12> kNumberTypes{
    "FP64", "FP32", "FP16", "BF16", "INT64", "INT32", "INT16", "INT8", "UINT64", "UINT32", "UINT16", "UINT8"};

OrderedJson output_metadata(const OutputTensor& output, const ServedModel& model) {
  OrderedJson json{{"name", output.name}, {"datatype", output.datatype}, {"shape", {-1}}};
  if (output.kind == OutputKind::kProbabilities) json["shape"].push_back(model.outputs());
  if (output.kind == OutputKind::kProbability) json["parameters"]["class"] = model.classes().at(1);
  if (output.kind == OutputKind::kProbabilities) json["parameters"]["classes"] = model.classes();
  return json;
}

}  // namespace

const char* datatype_of(ColumnType type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return "BOOL";
    case TypeKind::kInteger:
      return "INT64";
    case TypeKind::kReal:
    case TypeKind::kDecimal:
      return "FP64";
    default:
      return "BYTES";
  }
}

bool accepts_datatype(ColumnType type, std::string_view datatype) {
  if (is_number(type)) {
    return std::find(kNumberTypes.begin(), kNumberTypes.end(), datatype) != kNumberTypes.end();
  }
  return datatype == datatype_of(type);
}

const std::vector<OutputTensor>& outputs_of(Task task) {
  static const std::vector<OutputTensor> kBinary{{OutputKind::kProbability, "probability", "FP32"}};
  static const std::vector<OutputTensor> kMulticlass{{OutputKind::kProbabilities, "probabilities", "FP32"},
                                                     {OutputKind::kClass, "class", "BYTES"}};
  static const std::vector<OutputTensor> kRegression{{OutputKind::kValue, "value", "FP32"}};
  switch (task) {
    case Task::kBinary:
      return kBinary;
    case Task::kMulticlass:
      return kMulticlass;
    default:
      return kRegression;
  }
}

std::string model_metadata(const ServedModel& model, std::string_view name,
                           const std::vector<std::string>& versions) {
  OrderedJson json{{"name", name}, {"versions", versions}, {"platform", "millrace_mlp"}};
  json["inputs"] = OrderedJson::array();
  for (const Field& field : model.inputs()) {
    json["inputs"].push_back({{"name", field.name}, {"datatype", datatype_of(field.type)}, {"shape", {-1}}});
  }
  json["outputs"] = OrderedJson::array();
  for (const OutputTensor& output : outputs_of(model.task())) {
    json["outputs"].push_back(output_metadata(output, model));
  }
  return json.dump();
}

}  // namespace millrace
