#include <algorithm>

#include "serving/infer.hpp"
#include "serving/json_text.hpp"

namespace millrace {

namespace {

using Predictions = std::span<const float>;

void append_numbers(std::string& out, Predictions values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    append_json_number(out, values[i]);
  }
}

void append_classes(std::string& out, const ServedModel& model, Predictions values) {
  for (std::size_t first = 0; first < values.size(); first += model.outputs()) {
    if (first > 0) out += ',';
    append_json_string(out, model.likeliest_class(values.subspan(first, model.outputs())));
  }
}

void append_output(std::string& out, const OutputTensor& output, const ServedModel& model,
                   Predictions predictions) {
  out += R"({"name":")";
  out += output.name;
  out += R"(","datatype":")";
  out += output.datatype;
  out += R"(","shape":[)";
  append_json_number(out, std::uint64_t{predictions.size() / model.outputs()});
  if (output.kind == OutputKind::kProbabilities) {
    out += ',';
    append_json_number(out, std::uint64_t{model.outputs()});
  }
  out += R"(],"data":[)";
  if (output.kind == OutputKind::kClass) {
    append_classes(out, model, predictions);
  } else {
    append_numbers(out, predictions);
  }
  out += "]}";
}

}  // namespace

std::string infer_answer(const InferRequest& request, const ServedModel& model, std::string_view name,
                         std::span<const float> predictions) {
  std::string out = R"({"model_name":)";
  append_json_string(out, name);
  out += R"(,"model_version":)";
  append_json_string(out, model.version());
  if (request.id) {
    out += R"(,"id":)";
    append_json_string(out, *request.id);
  }
  out += R"(,"outputs":[)";
  for (std::size_t i = 0; i < request.outputs.size(); ++i) {
    if (i > 0) out += ',';
    append_output(out, request.outputs[i], model, predictions);
  }
  out += "]}";
  return out;
}

}  // namespace millrace
