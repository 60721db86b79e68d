#include <algorithm>

#include "base/text.hpp"
#include "serving/protocol/infer.hpp"
#include "serving/protocol/json_document.hpp"

namespace millrace {

namespace {

constexpr Subject kOutput{"an output"};

const OutputTensor& output_named(std::string_view name, const std::vector<OutputTensor>& offered) {
  const auto found =
      std::ranges::find_if(offered, [&](const OutputTensor& tensor) { return tensor.name == name; });
  if (found != offered.end()) return *found;
  std::vector<std::string> names;
  for (const OutputTensor& tensor : offered) names.emplace_back(tensor.name);
  throw usage_error("the model has no output {}; its outputs: {}", millrace::quoted(name), join(names, ", "));
}

AskedOutput read_output(simdjson::dom::element element, const std::vector<OutputTensor>& offered,
                        bool binary_by_default) {
  Member<std::string_view> name("name", "a string");
  Member<simdjson::dom::object> parameters("parameters", "an object");
  Member<bool> binary("binary_data", "true or false");
  take_members(as_object(element, {"each of 'outputs'"}), kOutput, name, parameters);
  if (parameters.value()) take_members(*parameters.value(), kOutput, binary);
  return {output_named(name.required(kOutput), offered), binary.value().value_or(binary_by_default)};
}

}  // namespace

void read_outputs(const InferDocument& document, const ServedModel& model,
                  std::vector<AskedOutput>& outputs) {
  outputs.clear();
  const auto& offered = outputs_of(model.task());
  if (document.outputs) {
    for (const auto element : *document.outputs)
      outputs.push_back(read_output(element, offered, document.binary_output));
  }
  if (!outputs.empty()) return;
  for (const OutputTensor& tensor : offered) outputs.push_back({tensor, document.binary_output});
}

}  // namespace millrace
