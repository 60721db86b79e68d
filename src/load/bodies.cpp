#include "load/bodies.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace::load {

namespace {

std::vector<std::string> names_of(const std::vector<ModelInput>& inputs) {
  std::vector<std::string> names;
  for (const ModelInput& input : inputs) names.push_back(input.name);
  return names;
}

void check_columns(std::span<const Json> rows, const std::vector<ModelInput>& inputs) {
  const std::vector<std::string> names = names_of(inputs);
  for (const Json& row : rows) {
    for (const auto& [name, value] : row.items()) {
      if (std::ranges::find(names, name) != names.end()) continue;
      throw Error(Topic::kUnknownColumn, "the model has no input '{}'{}", name, suggestion(name, names));
    }
  }
}

Json tensor(std::span<const Json> rows, const ModelInput& input) {
  Json data = Json::array();
  for (const Json& row : rows) data.push_back(row.value(input.name, Json()));
  return {{"name", input.name}, {"datatype", input.datatype}, {"shape", {rows.size()}}, {"data", data}};
}

}  // namespace

Protocol parse_protocol(const std::string& name) {
  if (name == "predict") return Protocol::kPredict;
  if (name == "infer") return Protocol::kInfer;
  throw Error(Topic::kCommandLine, "--protocol is predict or infer, not '{}'", name);
}

std::string target_of(const std::string& model, Protocol protocol) {
  return fmt::format("/v2/models/{}/{}", model, protocol == Protocol::kInfer ? "infer" : "predict");
}

std::vector<ModelInput> inputs_of(const std::string& metadata) {
  const char* const what = "the model's metadata";
  std::vector<ModelInput> inputs;
  for (const Json& input : json_get<Json>(parse_json(metadata, what), "inputs", what)) {
    inputs.push_back(
        {json_get<std::string>(input, "name", what), json_get<std::string>(input, "datatype", what)});
  }
  return inputs;
}

std::string request_body(Protocol protocol, std::span<const Json> rows,
                         const std::vector<ModelInput>& inputs) {
  if (protocol == Protocol::kPredict)
    return Json{{"rows", Json(Json::array_t(rows.begin(), rows.end()))}}.dump();
  check_columns(rows, inputs);
  Json tensors = Json::array();
  for (const ModelInput& input : inputs) tensors.push_back(tensor(rows, input));
  return Json{{"inputs", tensors}}.dump();
}

}  // namespace millrace::load
